package quality

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/seed-34fcb60d/rounds/ent/db"
)

// Limits of what is kept of a customer's likes.
const (
	maxPreferences = 30  // of one customer
	maxPreference  = 200 // characters of one
)

// CustomerPreference is one thing that a customer likes.
type CustomerPreference struct {
	Key   string // the site's code of it, such as "room"
	Value string
}

// SetPreference sets one of a customer's preferences, or with a nil value takes it
// away.
type SetPreference struct {
	Key   string
	Value *string
}

// Preferences returns what a customer likes, in the order of the keys.
func Preferences(c *db.Customer) []*CustomerPreference {
	all := make([]*CustomerPreference, 0, len(c.Preferences))
	for _, key := range slices.Sorted(maps.Keys(c.Preferences)) {
		all = append(all, &CustomerPreference{key, c.Preferences[key]})
	}
	return all
}

// preferences returns what a customer likes after a change. What is wrong with it is
// told to bad.
func preferences(bad *check, has map[string]string, sets []*SetPreference) map[string]string {
	after := maps.Clone(has)
	if after == nil {
		after = map[string]string{}
	}
	if len(sets) > maxPreferences {
		bad.elements(len(sets), maxPreferences, "preferences")
		return nil
	}
	for i, set := range sets {
		at := []string{"preferences", strconv.Itoa(i)}
		bad.lowerCode(set.Key, append(at, "key")...)
		if bad.optional(&set.Value, maxPreference, append(at, "value")...); set.Value == nil {
			delete(after, set.Key)
		} else {
			after[set.Key] = *set.Value
		}
	}
	if len(after) > maxPreferences {
		bad.add(TooLong, fmt.Sprintf("A customer has at most %d preferences.", maxPreferences),
			fmt.Sprintf("每位客户最多 %d 项偏好。", maxPreferences), "preferences")
	}
	return after
}
