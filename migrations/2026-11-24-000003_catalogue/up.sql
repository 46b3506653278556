-- What a city configures, and the division codes that all cities share.
CREATE TABLE divisions (
    code bigint PRIMARY KEY,
    name text NOT NULL,
    level text NOT NULL CHECK (level IN ('province', 'city', 'county', 'township', 'village')),
    parent_code bigint REFERENCES divisions (code)
);
CREATE INDEX divisions_by_parent ON divisions (parent_code, code);

-- Days that differ from Monday to Friday (public holidays and 调休). A year is known when it stands
-- in workday_years; past the last known year only weekends count and due dates are provisional.
CREATE TABLE workday_years (
    city_code integer NOT NULL REFERENCES cities (code),
    year smallint NOT NULL,
    PRIMARY KEY (city_code, year)
);
CREATE TABLE workdays (
    city_code integer NOT NULL REFERENCES cities (code),
    day date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
    name text NOT NULL,
    PRIMARY KEY (city_code, day)
);

-- Lists a city may change: issue categories, reasons. note says where to go instead.
CREATE TABLE city_codes (
    city_code integer NOT NULL REFERENCES cities (code),
    list text NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,63}$'),
    label_zh text NOT NULL,
    label_en text NOT NULL,
    note_zh text,
    note_en text,
    position smallint NOT NULL,
    PRIMARY KEY (city_code, list, code)
);

-- How long a step may take, by urgency class. wd = working days, d = calendar days, h = hours.
CREATE TABLE durations (
    city_code integer NOT NULL REFERENCES cities (code),
    urgency text NOT NULL,
    step text NOT NULL,
    amount smallint NOT NULL CHECK (amount > 0),
    unit text NOT NULL CHECK (unit IN ('wd', 'd', 'h')),
    PRIMARY KEY (city_code, urgency, step)
);
