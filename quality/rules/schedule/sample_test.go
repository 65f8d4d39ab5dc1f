package schedule_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/rules/schedule"
)

func members(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("counter %d", i))
	}
	return ids
}

// What was chosen once can be checked after years: these choices, worked out elsewhere by what the comment of Choose says, stay.
func TestChoicesAreFixed(t *testing.T) {
	for _, row := range []struct {
		sampling  schedule.Sampling
		key, last string
		want      []string
	}{
		{schedule.Sampling{Method: schedule.Random, Size: 3, Seed: 42}, "2026-10-01#1", "", []string{"counter 3", "counter 4", "counter 6"}},
		{schedule.Sampling{Method: schedule.Random, Size: 3, Seed: 42}, "2026-10-02#1", "", []string{"counter 5", "counter 7", "counter 4"}},
		{schedule.Sampling{Method: schedule.Random, Size: 3, Seed: 43}, "2026-10-01#1", "", []string{"counter 2", "counter 1", "counter 6"}},
		{schedule.Sampling{Method: schedule.Rotation, Size: 3, Seed: 42}, "2026-10-01#1", "", []string{"counter 6", "counter 4", "counter 0"}},
		{schedule.Sampling{Method: schedule.Rotation, Size: 3, Seed: 42}, "2026-10-01#1", "counter 1", []string{"counter 5", "counter 2", "counter 7"}},
	} {
		if diff := cmp.Diff(row.want, row.sampling.Choose(row.key, row.last, members(8))); diff != "" {
			t.Errorf("%+v of %s after %q (-want +got):\n%s", row.sampling, row.key, row.last, diff)
		}
	}
}

func drawMembers(t *rapid.T, label string) []string {
	return rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,4}`), 0, 20, rapid.ID).Draw(t, label)
}

// Who else there is, and in which order they are named, changes nothing between those who stay.
func TestOthersDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := drawMembers(t, "members")
		key := rapid.String().Draw(t, "key")
		s := schedule.Sampling{Method: schedule.Random, Size: rapid.IntRange(1, 22).Draw(t, "size"), Seed: rapid.Uint64().Draw(t, "seed")}
		chosen := s.Choose(key, "", ids)
		if len(chosen) != min(s.Size, len(ids)) {
			t.Errorf("%d of %d are chosen", len(chosen), len(ids))
		}
		if shuffled := rapid.Permutation(ids).Draw(t, "shuffled"); !slices.Equal(chosen, s.Choose(key, "", shuffled)) {
			t.Error("another order, another choice")
		}
		if len(ids) == 0 {
			return
		}
		gone := rapid.SampledFrom(ids).Draw(t, "gone")
		rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == gone })
		after := s.Choose(key, "", rest)
		for _, id := range chosen {
			if id != gone && !slices.Contains(after, id) {
				t.Errorf("%s is no longer chosen after %s has gone", id, gone)
			}
		}
		if !slices.Contains(chosen, gone) && !slices.Equal(chosen, after) {
			t.Errorf("the choice changed after %s has gone, who was not chosen", gone)
		}
	})
}

// By rotation, everyone is chosen as often as all others but for the round that is under way.
func TestRotationTakesRounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,4}`), 1, 20, rapid.ID).Draw(t, "members")
		s := schedule.Sampling{Method: schedule.Rotation, Size: rapid.IntRange(1, 22).Draw(t, "size"), Seed: rapid.Uint64().Draw(t, "seed")}
		times := map[string]int{}
		last := ""
		var sequence []string
		for i := range rapid.IntRange(1, 50).Draw(t, "occurrences") {
			chosen := s.Choose(fmt.Sprint(i), last, ids)
			for _, id := range chosen {
				times[id]++
			}
			sequence = append(sequence, chosen...)
			last = chosen[len(chosen)-1]
		}
		least, most := len(sequence), 0
		for _, id := range ids {
			least, most = min(least, times[id]), max(most, times[id])
		}
		if most-least > 1 {
			t.Errorf("some were chosen %d times and some %d: %v", least, most, sequence)
		}
	})
}

// While members come and go, nobody who stays is passed over: between two choices of one of them, each of the others is chosen once.
func TestRotationPassesNobodyOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stay := rapid.SliceOfNDistinct(rapid.StringMatching(`stay-[a-z]{1,3}`), 1, 8, rapid.ID).Draw(t, "who stays")
		s := schedule.Sampling{Method: schedule.Rotation, Size: rapid.IntRange(1, 5).Draw(t, "size"), Seed: rapid.Uint64().Draw(t, "seed")}
		last := ""
		var sequence []string // of those who stay
		for i := range 40 {
			others := drawMembers(t, "others")
			chosen := s.Choose(fmt.Sprint(i), last, append(slices.Clone(stay), others...))
			last = chosen[len(chosen)-1]
			for _, id := range chosen {
				if slices.Contains(stay, id) {
					sequence = append(sequence, id)
				}
			}
		}
		for i := len(stay); i < len(sequence); i++ {
			if sequence[i] != sequence[i-len(stay)] {
				t.Fatalf("of %d who stay, %v were chosen", len(stay), sequence)
			}
		}
	})
}

// Over many occurrences each member, and each pair of them, is chosen as often as chance has it: within four standard deviations.
func TestRandomIsUniform(t *testing.T) {
	const occurrences, n, size = 20_000, 10, 3
	s := schedule.Sampling{Method: schedule.Random, Size: size, Seed: 7}
	ids := members(n)
	single, pair := map[string]int{}, map[[2]string]int{}
	for i := range occurrences {
		chosen := s.Choose(fmt.Sprint(i), "", ids)
		slices.Sort(chosen)
		for j, a := range chosen {
			single[a]++
			for _, b := range chosen[j+1:] {
				pair[[2]string{a, b}]++
			}
		}
	}
	expect := func(what string, got int, share float64) {
		if mean, sigma := occurrences*share, math.Sqrt(occurrences*share*(1-share)); math.Abs(float64(got)-mean) > 4*sigma {
			t.Errorf("%s: chosen %d times, want %.0f ± %.0f", what, got, mean, 4*sigma)
		}
	}
	for i, a := range ids {
		expect(a, single[a], float64(size)/n)
		for _, b := range ids[i+1:] {
			expect(a+" and "+b, pair[[2]string{a, b}], float64(size*(size-1))/(n*(n-1)))
		}
	}
}

func TestAllAreChosen(t *testing.T) {
	got := schedule.Sampling{Method: schedule.All}.Choose("2026-10-01#1", "", members(5))
	slices.Sort(got)
	if diff := cmp.Diff(members(5), got); diff != "" {
		t.Errorf("of all (-want +got):\n%s", diff)
	}
}

func TestSamplingsThatAreRefused(t *testing.T) {
	for s, want := range map[schedule.Sampling]schedule.Code{
		{Method: "SOME", Size: 1}:             schedule.MethodUnknown,
		{Method: schedule.Random}:             schedule.SampleSize,
		{Method: schedule.Rotation, Size: -1}: schedule.SampleSize,
	} {
		if err := s.Check(); !refused(err, want) {
			t.Errorf("%+v: %v, want %s", s, err, want)
		}
	}
	for _, s := range []schedule.Sampling{{Method: schedule.All}, {Method: schedule.Random, Size: 1}, {Method: schedule.Rotation, Size: 9}} {
		if err := s.Check(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}
