package checklist

// Adjustment replaces the weight or the limits of one item for one inspection, as
// the control plan asks for. What is nil stays as the checklist has it.
type Adjustment struct {
	Item   string   `json:"item"`
	Weight *float64 `json:"weight,omitempty"` // 0 to 1000 in steps of 0.001; of an item that is scored, and not 0 of a key activity
	Limits *Limits  `json:"limits,omitempty"` // of an item that has limits
}

// Adjusted is the checklist as the adjustments make it. The definition itself
// stays as it is.
func (d Definition) Adjusted(adjustments []Adjustment) Definition {
	if len(adjustments) == 0 {
		return d
	}
	byItem := make(map[string]Adjustment, len(adjustments))
	for _, a := range adjustments {
		byItem[a.Item] = a
	}
	sections := make([]Section, len(d.Sections))
	for i, section := range d.Sections {
		sections[i] = section
		sections[i].Items = make([]Item, len(section.Items))
		for j, item := range section.Items {
			a := byItem[item.ID]
			if a.Weight != nil {
				item.Weight = *a.Weight
			}
			if a.Limits != nil {
				item.Limits = a.Limits
			}
			sections[i].Items[j] = item
		}
	}
	d.Sections = sections
	return d
}
