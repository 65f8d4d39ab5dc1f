package checklist

import "slices"

// Condition is what an answer to an earlier item has to be for another item to be
// asked. Exactly one of Yes, AnyOf and Within is set.
type Condition struct {
	Item   string   `json:"item"`             // an item that comes before
	Yes    *bool    `json:"yes,omitempty"`    // the answer of a YesNo
	AnyOf  []string `json:"anyOf,omitempty"`  // options of a Choice or MultipleChoice, of which one at least is chosen
	Within *Limits  `json:"within,omitempty"` // where the value of a Number or Duration lies
}

// Holds reports whether an answer to the condition's item is as it has to be. One
// that says nothing, or that the item does not apply, is not.
func (c Condition) Holds(a Answer) bool {
	switch {
	case a.NotApplicable:
		return false
	case c.Yes != nil:
		return a.Yes != nil && *a.Yes == *c.Yes
	case len(c.AnyOf) > 0:
		return slices.ContainsFunc(a.Chosen(), func(option string) bool { return slices.Contains(c.AnyOf, option) })
	case c.Within != nil:
		value := a.Measured()
		return value != nil && c.Within.Contain(*value)
	}
	return false
}

// Contain reports whether the value is good.
func (l Limits) Contain(value float64) bool {
	return (l.Lower == nil || value >= *l.Lower) && (l.Upper == nil || value <= *l.Upper)
}

// Asked tells which items are asked after these answers: those without a condition
// and those whose conditions all hold, on answers to items that are asked
// themselves. Of several answers to one item, which is a mistake, any may hold, so
// that their order does not matter.
func (d Definition) Asked(answers []Answer) map[string]bool {
	given := make(map[string][]Answer, len(answers))
	for _, a := range answers {
		given[a.Item] = append(given[a.Item], a)
	}
	asked := map[string]bool{}
	for _, section := range d.Sections {
		for _, item := range section.Items {
			asked[item.ID] = !slices.ContainsFunc(item.When, func(c Condition) bool {
				return !asked[c.Item] || !slices.ContainsFunc(given[c.Item], c.Holds)
			})
		}
	}
	return asked
}
