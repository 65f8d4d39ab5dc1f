package schedule

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Method is how those are chosen that an inspection looks at: counters, rooms, people.
type Method string

// The methods.
const (
	All      Method = "ALL"
	Random   Method = "RANDOM"
	Rotation Method = "ROTATION"
)

// Sampling is how many are chosen, and how.
type Sampling struct {
	Method Method
	Size   int    // of those there are, at least 1; not looked at by All
	Seed   uint64 // kept with the plan, so that a choice can be checked afterwards
}

// Check says what is wrong with a sampling, by a [*PlanError].
func (s Sampling) Check() error {
	switch {
	case s.Method != All && s.Method != Random && s.Method != Rotation:
		return &PlanError{Codes: []Code{MethodUnknown}}
	case s.Method != All && s.Size < 1:
		return &PlanError{Codes: []Code{SampleSize}}
	}
	return nil
}

// Choose returns the members whom an occurrence looks at, in the order in which they were chosen: all if there are no more than Size. The
// order in which members are handed in does not matter; they are ids, all different. The sampling has passed its check.
//
// By Random each member has the same chance, and so has each group of Size members. Everyone draws a number, HMAC-SHA-256 of the
// occurrence's key and the id under the seed, and the lowest are chosen. So the choice is the same for the same key wherever
// and whenever it is made, and members who come or go leave the order of the others as it was.
//
// By Rotation members stand in a circle, whose order the seed decides, and the next are chosen behind the one who was chosen last: the
// last of the choice before, or "" at first. Everyone is chosen once in a round. Who comes is chosen when the round gets
// there, who goes delays nobody, and the round goes on from the same place if the one chosen last has gone.
func (s Sampling) Choose(key, last string, members []string) []string {
	if s.Method == Rotation {
		key = ""
	}
	lots := make(map[string][]byte, len(members)+1)
	for _, id := range members {
		lots[id] = s.lot(key, id)
	}
	order := slices.SortedFunc(slices.Values(members), func(a, b string) int {
		return cmp.Or(bytes.Compare(lots[a], lots[b]), cmp.Compare(a, b))
	})
	if s.Method == Rotation && last != "" {
		place := s.lot(key, last)
		next := slices.IndexFunc(order, func(id string) bool { return bytes.Compare(lots[id], place) > 0 })
		order = slices.Concat(order[max(next, 0):], order[:max(next, 0)])
	}
	if s.Method == All {
		return order
	}
	return order[:min(s.Size, len(order))]
}

// lot is a number that nothing but these three decide.
func (s Sampling) lot(key, id string) []byte {
	mac := hmac.New(sha256.New, binary.BigEndian.AppendUint64(nil, s.Seed))
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(key)))) // where the key ends and the id begins
	mac.Write([]byte(key + id))
	return mac.Sum(nil)
}
