INSERT INTO rooms SELECT n, 'Room ' || n, 2 + n % 20 FROM generate_series(1, 200) AS n;
INSERT INTO bookings (room, day, who) SELECT 1 + n % 200, date '2026-01-01' + n % 300, 'user ' || n FROM generate_series(1, 20000) AS n;
