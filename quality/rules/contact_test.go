package rules_test

import (
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func TestNextContact(t *testing.T) {
	last := time.Date(2026, 2, 27, 8, 0, 0, 0, time.UTC)
	again := last.Add(time.Hour)
	for name, test := range map[string]struct {
		keeping rules.Keeping
		want    *time.Time
	}{
		"an interval after the last":     {rules.Keeping{Agreed: true, Every: 3, Last: last}, new(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))},
		"at the time agreed":             {rules.Keeping{Agreed: true, Every: 3, Last: last, Again: &again}, &again},
		"agreed, though not regularly":   {rules.Keeping{Agreed: true, Last: last, Again: &again}, &again},
		"not regularly":                  {rules.Keeping{Agreed: true, Last: last}, nil},
		"no interval for anybody":        {rules.Keeping{Agreed: true, Every: -1, Last: last}, nil},
		"without consent":                {rules.Keeping{Every: 3, Last: last}, nil},
		"without consent, though agreed": {rules.Keeping{Every: 3, Last: last, Again: &again}, nil},
	} {
		got := rules.NextContact(test.keeping)
		if (got == nil) != (test.want == nil) || got != nil && !got.Equal(*test.want) {
			t.Errorf("%s: the next contact is at %v, want %v", name, got, test.want)
		}
	}
}
