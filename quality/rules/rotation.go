package rules

import (
	"slices"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Place is one person's place in a day's rotation of new visitors (R-CUS-2).
type Place struct {
	Staff typeid.StaffID
	Turns int // visitors that the person was given
	Level int // turns as they count for whose turn it is
	Extra int // extra turns that a manager granted (R-CUS-3)
	Seen  int // number of the last draw for which the person was there
	Last  int // number of the last draw that the person won
}

// Draw gives a visitor to the next of the people who are there, and returns the
// places as they are then and the index of who was drawn. n is the number of the draw
// in the rotation, from 1; people are there in the order in which ties are decided.
//
// It is the turn of whoever has had the fewest, less the extra turns granted, and
// among equals of whoever has waited longest. Who comes later, or was away for a
// draw, starts level with the least of those who stayed: neither is what was missed
// made up for, nor does an earlier lead count. Where nobody stayed, all begin anew.
func Draw(n int, places []Place, there []typeid.StaffID) ([]Place, int) {
	places = slices.Clone(places)
	var present, joining []int
	for _, id := range there {
		i := slices.IndexFunc(places, func(p Place) bool { return p.Staff == id })
		if i < 0 {
			i = len(places)
			places = append(places, Place{Staff: id})
		}
		present = append(present, i)
		if n == 1 || places[i].Seen != n-1 {
			joining = append(joining, i)
		}
	}
	level := 0
	if stayed := slices.DeleteFunc(slices.Clone(present), func(i int) bool { return slices.Contains(joining, i) }); len(stayed) > 0 {
		level = places[stayed[0]].Level
		for _, i := range stayed {
			level = min(level, places[i].Level)
		}
	}
	for _, i := range joining {
		places[i].Level = level
	}
	next := present[0]
	for _, i := range present {
		places[i].Seen = n
		a, b := places[i], places[next]
		if due := (a.Level - a.Extra) - (b.Level - b.Extra); due < 0 || due == 0 && a.Last < b.Last {
			next = i
		}
	}
	places[next].Turns++
	places[next].Level++
	places[next].Last = n
	return places, next
}
