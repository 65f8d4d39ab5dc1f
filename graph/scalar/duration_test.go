package scalar_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/graph/scalar"
)

func iso(d time.Duration) string { return strings.Trim(written(scalar.MarshalDuration(d)), `"`) }

func TestDurationIsWritten(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "PT0S", time.Second: "PT1S", 90 * time.Minute: "PT1H30M", 72 * time.Hour: "PT72H", -5 * time.Minute: "-PT5M",
		1500 * time.Millisecond: "PT1.5S", time.Microsecond: "PT0.000001S", time.Hour + time.Second: "PT1H1S",
	} {
		if got := iso(d); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}

func TestDurationIsRead(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT0S": 0, "P3D": 72 * time.Hour, "P1DT2H3M4.5S": 26*time.Hour + 3*time.Minute + 4500*time.Millisecond, "PT90M": 90 * time.Minute,
	} {
		if got, err := scalar.UnmarshalDuration(text); err != nil || got != want {
			t.Errorf("%s is read as %v (%v), want %v", text, got, err, want)
		}
	}
	for _, bad := range []any{"", "P", "PT", "P1DT", "P1Y", "P1M", "1H", "PT1H30", "-PT1H", "PT1.5H", "PT9999999999S9H", "PT9999999H", 3600, nil} {
		if got, err := scalar.UnmarshalDuration(bad); err == nil {
			t.Errorf("%v is read as %v", bad, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(1000*24*time.Hour/time.Microsecond)).Draw(t, "microseconds")) * time.Microsecond
		if got, err := scalar.UnmarshalDuration(iso(d)); err != nil || got != d {
			t.Fatalf("%s is read as %v (%v), want %v", iso(d), got, err, d)
		}
	})
}
