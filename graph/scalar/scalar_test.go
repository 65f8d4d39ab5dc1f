package scalar_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/graph/scalar"
)

// Times are in UTC and to the microsecond on their way in and out; what one of the
// databases could not keep is refused.
func TestTime(t *testing.T) {
	for in, want := range map[any]string{
		"2026-11-22T09:00:00Z":           "2026-11-22T09:00:00Z",
		"2026-11-22T09:00:00+08:00":      "2026-11-22T01:00:00Z",
		"2026-11-22T09:00:00.123456789Z": "2026-11-22T09:00:00.123456Z",
		"0001-01-01T00:00:00Z":           "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999999999Z": "9999-12-31T23:59:59.999999Z",
		"0000-12-31T23:59:59Z":           "", "0001-01-01T00:00:00+14:00": "", "9999-12-31T23:59:59-12:00": "", "10000-01-01T00:00:00Z": "",
		"2026-11-22T09:00:00": "", "2026-11-22 09:00:00": "", "2026-11-22": "", "2026-02-30T00:00:00Z": "", "": "", 5: "", true: "",
	} {
		got, err := scalar.UnmarshalTime(in)
		if (err == nil) != (want != "") {
			t.Errorf("%v is read with the error %v", in, err)
			continue
		}
		if err == nil && written(scalar.MarshalTime(got)) != `"`+want+`"` {
			t.Errorf("%v becomes %s, want %s", in, written(scalar.MarshalTime(got)), want)
		}
	}
	local := time.Date(2026, 11, 22, 9, 0, 0, 5e8, time.FixedZone("", 8*60*60))
	if got := written(scalar.MarshalTime(local)); got != `"2026-11-22T01:00:00.5Z"` {
		t.Errorf("a time of another zone is written %s", got)
	}
}

func TestFloat(t *testing.T) {
	for in, want := range map[any]float64{
		1.5: 1.5, 3: 3, int64(4): 4, json.Number("1e308"): 1e308, json.Number("-0.25"): -0.25,
		json.Number("1e400"): math.NaN(), "1.5": math.NaN(), "NaN": math.NaN(), "Infinity": math.NaN(), true: math.NaN(),
	} {
		got, err := scalar.UnmarshalFloat(context.Background(), in)
		if (err != nil) != math.IsNaN(want) || err == nil && got != want {
			t.Errorf("%v is read as %v, %v", in, got, err)
		}
	}
	var out strings.Builder
	if err := scalar.MarshalFloat(1e300).MarshalGQLContext(context.Background(), &out); err != nil || out.String() != "1e+300" {
		t.Errorf("1e300 is written %s, %v", &out, err)
	}
	if err := scalar.MarshalFloat(math.Inf(1)).MarshalGQLContext(context.Background(), &out); err == nil {
		t.Error("infinity is written")
	}
}

func TestRole(t *testing.T) {
	for in, want := range map[any]staff.Role{
		"STAFF": staff.RoleSTAFF, "ADMINISTRATOR": staff.RoleADMINISTRATOR, "INTEGRATOR": ent.Integrator, "": "", "staff": "", 5: "",
	} {
		got, err := scalar.UnmarshalRole(in)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%v is read as %q, %v", in, got, err)
		}
	}
	if got := written(scalar.MarshalRole(ent.Integrator)); got != `"INTEGRATOR"` {
		t.Errorf("a program's role is written %s", got)
	}
}

func TestDate(t *testing.T) {
	for in, ok := range map[any]bool{
		"2026-11-22": true, "2024-02-29": true, "2026-02-29": false, "2026-1-2": false, "0001-01-01": true, "0000-12-31": false, "10000-01-01": false, "": false, 20261122: false,
	} {
		if got, err := scalar.UnmarshalDate(in); (err == nil) != ok || ok && got != in {
			t.Errorf("%v is read as %q, %v", in, got, err)
		}
	}
	if got := written(scalar.MarshalDate("2026-11-22")); got != `"2026-11-22"` {
		t.Errorf("a date is written %s", got)
	}
}

func TestEventCursor(t *testing.T) {
	for in, want := range map[any]events.Cursor{"0": 0, "5": 5, "9223372036854775807": math.MaxInt64, "05": -1, "-1": -1, "": -1, 5: -1} {
		if got, err := scalar.UnmarshalEventCursor(in); (err == nil) != (want >= 0) || err == nil && got != want {
			t.Errorf("%v is read as %d, %v", in, got, err)
		}
	}
	if got := written(scalar.MarshalEventCursor(5)); got != `"5"` {
		t.Errorf("a cursor is written %s", got)
	}
}

func written(m graphql.Marshaler) string {
	var out strings.Builder
	m.MarshalGQL(&out)
	return out.String()
}

func TestTimeOfDayAndWeekday(t *testing.T) {
	for in, ok := range map[any]bool{"09:30": true, "48:00": true, "48:01": false, "9:30": false, 930: false, nil: false} {
		if got, err := scalar.UnmarshalTimeOfDay(in); (err == nil) != ok || ok && written(scalar.MarshalTimeOfDay(got)) != `"`+in.(string)+`"` {
			t.Errorf("the time of day %v is read as %v, %v", in, got, err)
		}
	}
	for in, ok := range map[any]bool{"SUNDAY": true, "MONDAY": true, "Monday": false, 1: false, "": false} {
		if got, err := scalar.UnmarshalWeekday(in); (err == nil) != ok || ok && written(scalar.MarshalWeekday(got)) != `"`+in.(string)+`"` {
			t.Errorf("the weekday %v is read as %v, %v", in, got, err)
		}
	}
}
