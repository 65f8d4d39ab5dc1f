package quality

// CalendarOf is calendarOf, for tests.
var CalendarOf = calendarOf
