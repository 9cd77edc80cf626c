CREATE DATABASE visits;
USE visits;
CREATE TABLE pages (id integer PRIMARY KEY, title varchar(80) NOT NULL);
INSERT INTO pages SELECT seq, concat('Page ', seq) FROM seq_1_to_200;
