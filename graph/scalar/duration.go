package scalar

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalDuration writes a length of time as in ISO 8601: "PT4H30M".
func MarshalDuration(d time.Duration) graphql.Marshaler {
	return graphql.MarshalString(formatDuration(d))
}

func formatDuration(d time.Duration) string {
	if d == 0 {
		return "PT0S"
	}
	var out strings.Builder
	if d < 0 {
		out.WriteByte('-')
	}
	out.WriteString("PT")
	rest := d.Abs().Truncate(time.Microsecond)
	for _, unit := range []struct {
		length time.Duration
		name   byte
	}{{time.Hour, 'H'}, {time.Minute, 'M'}} {
		if n := rest / unit.length; n > 0 {
			fmt.Fprintf(&out, "%d%c", n, unit.name)
			rest %= unit.length
		}
	}
	if rest > 0 {
		seconds := fmt.Sprintf("%d.%06d", rest/time.Second, rest%time.Second/time.Microsecond)
		out.WriteString(strings.TrimRight(strings.TrimRight(seconds, "0"), ".") + "S")
	}
	return out.String()
}

var durationForm = regexp.MustCompile(`^P(?:(\d{1,5})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,10})(?:\.(\d{1,6}))?S)?)?$`)

// UnmarshalDuration reads a length of time of days of 24 hours, hours, minutes and
// seconds. Months and years have no fixed length and are refused.
func UnmarshalDuration(v any) (time.Duration, error) {
	refused := fmt.Errorf("a Duration is written as in ISO 8601, without months and years, such as PT4H30M or P3D")
	s, _ := v.(string)
	parts := durationForm.FindStringSubmatch(s)
	if parts == nil || strings.HasSuffix(s, "P") || strings.HasSuffix(s, "T") {
		return 0, refused
	}
	var sum time.Duration
	for n, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second, time.Microsecond} {
		digits := parts[n+1]
		if unit == time.Microsecond && digits != "" {
			digits += strings.Repeat("0", 6-len(digits))
		}
		count, _ := strconv.ParseInt(digits, 10, 64) // digits or nothing
		if count > (math.MaxInt64-int64(sum))/int64(unit) {
			return 0, refused
		}
		sum += time.Duration(count) * unit
	}
	return sum, nil
}
