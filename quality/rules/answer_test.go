package rules_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func TestPlaceAnswer(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 5, 1, 9, minute, 0, 0, time.UTC) }
	lead := rules.GivenAnswer{ID: "lead", By: "lead", At: at(5), Value: "yes"}
	for name, test := range map[string]struct {
		standing []rules.GivenAnswer
		arriving rules.GivenAnswer
		knew     string
		want     map[string]rules.AnswerState
	}{
		"the first": {nil, lead, "", map[string]rules.AnswerState{"lead": "CURRENT"}},
		"corrected by its author": {[]rules.GivenAnswer{lead}, rules.GivenAnswer{ID: "new", By: "lead", At: at(6), Value: "no"}, "",
			map[string]rules.AnswerState{"lead": "REPLACED", "new": "CURRENT"}},
		"an older one of its author": {[]rules.GivenAnswer{lead}, rules.GivenAnswer{ID: "old", By: "lead", At: at(4), Value: "no"}, "",
			map[string]rules.AnswerState{"lead": "CURRENT", "old": "REPLACED"}},
		"by another who knew": {[]rules.GivenAnswer{lead}, rules.GivenAnswer{ID: "new", By: "agent", At: at(4), Value: "no"}, "lead",
			map[string]rules.AnswerState{"lead": "REPLACED", "new": "CURRENT"}},
		"by another who says the same": {[]rules.GivenAnswer{lead}, rules.GivenAnswer{ID: "new", By: "agent", At: at(6), Value: "yes"}, "",
			map[string]rules.AnswerState{"lead": "AGREEING", "new": "CURRENT"}},
		"a later contradiction": {[]rules.GivenAnswer{lead}, rules.GivenAnswer{ID: "new", By: "agent", At: at(6), Value: "no"}, "",
			map[string]rules.AnswerState{"lead": "CONFLICTING", "new": "CURRENT"}},
		"an earlier contradiction": {[]rules.GivenAnswer{lead}, rules.GivenAnswer{ID: "new", By: "agent", At: at(4), Value: "no"}, "",
			map[string]rules.AnswerState{"lead": "CURRENT", "new": "CONFLICTING"}},
	} {
		got := rules.PlaceAnswer(test.standing, test.arriving, func(id string) bool { return id == test.knew })
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Whatever the order, the same answer counts in the end and the same are in conflict;
// none is lost that says something else than those.
func TestPlacedInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []rules.GivenAnswer
		for i := range rapid.IntRange(1, 8).Draw(t, "answers") {
			all = append(all, rules.GivenAnswer{
				ID: fmt.Sprint(i), By: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "by"),
				At:    time.Unix(int64(rapid.IntRange(0, 5).Draw(t, "at")), 0),
				Value: rapid.SampledFrom([]string{"yes", "no", "n/a"}).Draw(t, "value"),
			})
		}
		want, got := placed(all), placed(rapid.Permutation(all).Draw(t, "order"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the order matters (-one +other):\n%s", diff)
		}
	})
}

func placed(arriving []rules.GivenAnswer) map[string]rules.AnswerState {
	states, byID := map[string]rules.AnswerState{}, map[string]rules.GivenAnswer{}
	for _, a := range arriving {
		var standing []rules.GivenAnswer
		for _, id := range slices.Sorted(maps.Keys(states)) {
			if states[id] != rules.AnswerReplaced {
				standing = append(standing, byID[id])
			}
		}
		byID[a.ID] = a
		maps.Copy(states, rules.PlaceAnswer(standing, a, func(string) bool { return false }))
	}
	maps.DeleteFunc(states, func(_ string, s rules.AnswerState) bool { return s == rules.AnswerReplaced })
	return states
}
