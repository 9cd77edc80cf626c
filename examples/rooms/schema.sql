CREATE TABLE rooms (id integer PRIMARY KEY, name text NOT NULL, seats integer NOT NULL);
CREATE TABLE bookings (
  id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  room integer NOT NULL REFERENCES rooms,
  day  date NOT NULL,
  who  text NOT NULL
);
CREATE INDEX bookings_room_day ON bookings (room, day);
