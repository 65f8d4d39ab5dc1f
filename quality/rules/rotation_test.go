package rules_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// draws gives n visitors to those who are there, and returns who got how many.
func draws(first, n int, places []rules.Place, there ...typeid.StaffID) ([]rules.Place, map[typeid.StaffID]int) {
	got := map[typeid.StaffID]int{}
	for k := range n {
		var who int
		places, who = rules.Draw(first+k, places, there)
		got[places[who].Staff]++
	}
	return places, got
}

func TestDraw(t *testing.T) {
	a, b, c := typeid.New[typeid.StaffID](), typeid.New[typeid.StaffID](), typeid.New[typeid.StaffID]()
	expect := func(what string, got map[typeid.StaffID]int, wantA, wantB, wantC int) {
		t.Helper()
		if got[a] != wantA || got[b] != wantB || got[c] != wantC {
			t.Errorf("%s: %d, %d and %d turns, want %d, %d and %d", what, got[a], got[b], got[c], wantA, wantB, wantC)
		}
	}
	places, got := draws(1, 10, nil, a, b)
	expect("two from the beginning", got, 5, 5, 0)
	places, got = draws(11, 6, places, a, b, c)
	expect("one who comes later makes nothing up", got, 2, 2, 2)
	places, got = draws(17, 6, places, b, c)
	expect("while one is away", got, 0, 3, 3)
	places, got = draws(23, 3, places, a, b, c)
	expect("who was away makes nothing up", got, 1, 1, 1)
	for i := range places {
		if places[i].Staff == b {
			places[i].Extra++
		}
	}
	places, got = draws(26, 4, places, a, b, c)
	expect("an extra turn", got, 1, 2, 1)
	_, got = draws(30, 3, places, a, b, c)
	expect("which is given once", got, 1, 1, 1)

	places, _ = draws(1, 8, nil, a)
	_, got = draws(9, 4, places, b, c)
	expect("another group begins anew", got, 0, 2, 2)
}

// However people come and go, nobody who is there gets two turns more than somebody
// who is there as long.
func TestRotationIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := make([]typeid.StaffID, rapid.IntRange(1, 8).Draw(t, "people"))
		for n := range people {
			people[n] = typeid.New[typeid.StaffID]()
		}
		var places []rules.Place
		n := 1
		for range rapid.IntRange(1, 6).Draw(t, "stretches") {
			there := rapid.SliceOfNDistinct(rapid.SampledFrom(people), 1, len(people), rapid.ID).Draw(t, "there")
			visitors := rapid.IntRange(1, 40).Draw(t, "visitors")
			var got map[typeid.StaffID]int
			places, got = draws(n, visitors, places, there...)
			n += visitors
			least, most := visitors, 0
			for _, id := range there {
				least, most = min(least, got[id]), max(most, got[id])
			}
			// Those who were there before may be a turn ahead or behind when a stretch begins.
			if most-least > 2 {
				t.Fatalf("%d visitors: %d turns at least and %d at most", visitors, least, most)
			}
		}
	})
}
