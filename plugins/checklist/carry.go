package checklist

import "slices"

// Carry is how answers of one version come into another unless the plugin has its
// own way: an answer goes to the item of the same id when it is still of the
// item's kind, and its options are still there. renamed names items by their old
// id that have another now; nil when none has.
func Carry(draft Draft, to Definition, renamed map[string]string) Upgraded {
	items := map[string]Item{}
	for _, section := range to.Sections {
		for _, item := range section.Items {
			items[item.ID] = item
		}
	}
	out := Upgraded{Moves: []Move{}, Losses: []Loss{}}
	taken := map[string]bool{}
	for _, old := range draft.Answers {
		moved := old
		if id, other := renamed[old.Item]; other {
			moved.Item = id
		}
		item, known := items[moved.Item]
		switch {
		case !known:
			out.lose(old, Text{EN: "The new version no longer asks for it.", ZH: "新版本不再检查此项目。"})
		case taken[moved.Item]:
			out.lose(old, Text{EN: "Another answer has gone to the same item.", ZH: "已有其他答案归入同一项目。"})
		case !moved.NotApplicable && !item.takes(moved):
			out.lose(old, Text{EN: "The new version asks for another kind of answer, or no longer has the option.",
				ZH: "新版本要求的答案类型不同，或已无此选项。"})
		default:
			taken[moved.Item] = true
			out.Moves = append(out.Moves, Move{From: old.Item, Answer: moved})
		}
	}
	return out
}

func (u *Upgraded) lose(a Answer, reason Text) {
	u.Losses = append(u.Losses, Loss{Item: a.Item, Reason: reason})
}

// takes reports whether the answer is of the item's kind, and names options that
// the item has.
func (i Item) takes(a Answer) bool {
	return a.Fits(i.Kind) && !slices.ContainsFunc(a.Chosen(), func(id string) bool {
		return !slices.ContainsFunc(i.Choices, func(o Option) bool { return o.ID == id })
	})
}

// Chosen are the options of a Choice or MultipleChoice that the answer names.
func (a Answer) Chosen() []string {
	if a.Choice != nil {
		return []string{*a.Choice}
	}
	return a.Choices
}

// Measured is the value of a Number or Duration; nil if the answer holds none.
func (a Answer) Measured() *float64 {
	if a.Number != nil {
		return a.Number
	}
	return a.Seconds
}

// Fits reports whether the answer holds the value that an item of the kind asks
// for.
func (a Answer) Fits(kind Kind) bool {
	switch kind {
	case YesNo:
		return a.Yes != nil
	case Choice:
		return a.Choice != nil
	case MultipleChoice:
		return a.Choices != nil
	case Number:
		return a.Number != nil
	case Duration:
		return a.Seconds != nil
	case Prose, Photo, Signature:
		return a.Filled
	}
	return false
}

// Values counts the fields that are set. An answer has at most one.
func (a Answer) Values() int {
	count := 0
	for _, kind := range []Kind{YesNo, Choice, MultipleChoice, Number, Duration, Prose} {
		if a.Fits(kind) {
			count++
		}
	}
	return count
}
