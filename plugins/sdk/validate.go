package sdk

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/semver"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// What a description may hold. The limits keep the sums of a score exact and let
// everything be stored. They are told to authors in checklist.proto and in
// docs/plugin-author.md.
const (
	maxChecklists  = 50
	maxItems       = 500 // of a checklist
	maxChoices     = 50
	maxWeight      = 1000
	maxPluginID    = 40
	maxVersion     = 40
	maxChecklistID = 80       // with its dot
	maxID          = 64       // of a section, an item or an option
	maxTitle       = 200      // characters of the plugin's name and of a checklist's title
	maxText        = 500      // characters of any other text
	maxUnit        = 64       // characters
	maxConditions  = 10       // of an item
	maxSchema      = 64 << 10 // bytes
)

// DescriptionError is all that is wrong with a description.
type DescriptionError struct {
	Mistakes []Mistake // at least one, in the order of the description
}

// Mistake is one thing for the author to put right.
type Mistake struct {
	Path string // such as "checklists[frontdesk.conduct].sections[1].items[smile].weight": an id where there is one, else an index
	Text string
}

// Error lists the mistakes, one a line.
func (e *DescriptionError) Error() string {
	var b strings.Builder
	b.WriteString("invalid plugin description:")
	for _, m := range e.Mistakes {
		b.WriteString("\n\t" + m.Path + ": " + m.Text)
	}
	return b.String()
}

// Validate finds every mistake of a description at once. Its error is a
// [*DescriptionError].
func Validate(d checklist.Description) error {
	var v validator
	if !IsPluginID(d.Plugin) {
		v.mistake("plugin", "%.80q must be a lower-case letter, then letters, digits and single hyphens, at most %d", d.Plugin, maxPluginID)
	}
	if !isVersion(d.Version) {
		v.mistake("version", `%.80q must be a semantic version without "v", such as 1.2.0, at most %d`, d.Version, maxVersion)
	}
	v.text("name", d.Name, maxTitle)
	if count := len(d.Checklists); count == 0 || count > maxChecklists {
		v.mistake("checklists", "has %d, must have 1 to %d", count, maxChecklists)
	}
	v.capabilities(d)
	seen := map[string]bool{}
	for i, def := range d.Checklists {
		path := at("checklists", def.ID, i)
		v.once(path+".id", def.ID, seen)
		v.definition(path, def)
	}
	if len(v.mistakes) > 0 {
		return &DescriptionError{Mistakes: v.mistakes}
	}
	return nil
}

// validator collects mistakes.
type validator struct{ mistakes []Mistake }

func (v *validator) mistake(path, format string, args ...any) {
	v.mistakes = append(v.mistakes, Mistake{Path: path, Text: fmt.Sprintf(format, args...)})
}

// once notes an id and objects to one that was seen before.
func (v *validator) once(path, id string, seen map[string]bool) {
	if seen[id] {
		v.mistake(path, "%.80q is used twice", id)
	}
	seen[id] = true
}

// capabilities checks that each is named once, and that a plugin says what
// configuration it takes if, and only if, it takes any.
func (v *validator) capabilities(d checklist.Description) {
	seen := map[string]bool{}
	for i, c := range d.Capabilities {
		v.once(fmt.Sprintf("capabilities[%d]", i), string(c), seen)
	}
	const path = "configurationSchema"
	var schema map[string]any
	switch schemed := len(d.ConfigurationSchema) > 0; {
	case schemed != seen[string(checklist.CanConfigure)]:
		v.mistake(path, "belongs to the capability %s: have both or neither", checklist.CanConfigure)
	case len(d.ConfigurationSchema) > maxSchema:
		v.mistake(path, "has %d bytes, must have at most %d", len(d.ConfigurationSchema), maxSchema)
	case schemed && json.Unmarshal(d.ConfigurationSchema, &schema) != nil:
		v.mistake(path, "must be an object in JSON")
	}
}

func (v *validator) id(path, id string) {
	if !isID(id, maxID) {
		v.mistake(path, "%.80q must be a lower-case letter, then letters, digits and single hyphens, at most %d", id, maxID)
	}
}

func (v *validator) text(path string, text checklist.Text, most int) {
	v.line(path+".en", text.EN, most)
	v.line(path+".zh", text.ZH, most)
}

func (v *validator) line(path, text string, most int) {
	switch {
	case !utf8.ValidString(text):
		v.mistake(path, "is not UTF-8")
	case text == "":
		v.mistake(path, "is missing")
	case strings.TrimSpace(text) != text:
		v.mistake(path, "begins or ends with a space")
	case strings.ContainsFunc(text, unicode.IsControl):
		v.mistake(path, "must be one line without control characters")
	case utf8.RuneCountInString(text) > most:
		v.mistake(path, "must have at most %d characters", most)
	}
}

func (v *validator) definition(path string, def checklist.Definition) {
	area, name, dotted := strings.Cut(def.ID, ".")
	if !dotted || !isID(area, maxChecklistID) || !isID(name, maxChecklistID) || len(def.ID) > maxChecklistID {
		v.mistake(path+".id", `%.80q must be "<area>.<name>", both a lower-case letter, then letters, digits and single hyphens, at most %d in all`,
			def.ID, maxChecklistID)
	}
	v.text(path+".title", def.Title, maxTitle)
	if !(def.PassMark >= 0 && def.PassMark <= 100) {
		v.mistake(path+".passMark", "%v must be 0 to 100", def.PassMark)
	}
	if len(def.Sections) == 0 {
		v.mistake(path+".sections", "must have at least one")
	}
	items := map[string]checklist.Item{}
	count, scored := 0, false
	for _, section := range def.Sections {
		for _, item := range section.Items {
			items[item.ID] = item
			count, scored = count+1, scored || item.Weight > 0
		}
	}
	if count > maxItems {
		v.mistake(path, "has %d items, must have at most %d", count, maxItems)
	}
	if count > 0 && !scored {
		v.mistake(path, "no item has a weight, so there is no score")
	}
	sectionIDs, itemIDs := map[string]bool{}, map[string]bool{}
	for i, section := range def.Sections {
		path := path + "." + at("sections", section.ID, i)
		v.id(path+".id", section.ID)
		v.once(path+".id", section.ID, sectionIDs)
		v.text(path+".title", section.Title, maxText)
		if len(section.Items) == 0 {
			v.mistake(path+".items", "must have at least one")
		}
		for j, item := range section.Items {
			path := path + "." + at("items", item.ID, j)
			v.when(path+".when", item, items, itemIDs)
			v.once(path+".id", item.ID, itemIDs)
			v.item(path, item)
			v.excludes(path+".excludes", item, items)
		}
	}
}

func (v *validator) item(path string, item checklist.Item) {
	v.id(path+".id", item.ID)
	v.text(path+".text", item.Text, maxText)
	if !inThousandths(item.Weight, maxWeight) {
		v.mistake(path+".weight", "%v must be 0 to %d in steps of 0.001", item.Weight, maxWeight)
	}
	if rank(item.Severity) == 0 {
		v.mistake(path+".severity", "unknown severity %.80q", item.Severity)
	}
	switch item.Kind {
	case checklist.YesNo:
	case checklist.Choice, checklist.MultipleChoice:
		v.choices(path+".choices", item)
	case checklist.Number, checklist.Duration:
		v.number(path, item)
	case checklist.Prose, checklist.Photo, checklist.Signature:
		if item.Weight > 0 {
			v.mistake(path+".weight", "must be 0: the plugin cannot judge a text, a photo or a signature")
		}
	default:
		v.mistake(path+".kind", "unknown kind %.80q", item.Kind)
	}
	if !isMeasured(item.Kind) && (item.Unit != "" || item.Limits != nil || item.Tracked) {
		v.mistake(path, "only a number or a duration has a unit, has limits and is tracked")
	}
	if !isChosen(item.Kind) && len(item.Choices) > 0 {
		v.mistake(path+".choices", "only a choice has choices")
	}
	if item.Key {
		v.key(path, item)
	}
	v.evidence(path+".evidence", item)
}

// key checks that a key activity decides something.
func (v *validator) key(path string, item checklist.Item) {
	if !(item.Weight > 0) {
		v.mistake(path+".weight", "a key activity must have a weight")
	}
	if !item.Required {
		v.mistake(path+".required", "a key activity must be required")
	}
	if !canFail(item) {
		v.mistake(path+".key", "a key activity must be one that can fail: yes or no, a choice, or a number or duration with limits")
	}
}

func (v *validator) evidence(path string, item checklist.Item) {
	switch item.Evidence {
	case checklist.NoEvidence:
	case checklist.EvidenceOnFail:
		if !canFail(item) {
			v.mistake(path, "the item cannot fail, so %s never asks for evidence", item.Evidence)
		}
	case checklist.EvidenceRequired:
		if item.Kind == checklist.Photo {
			v.mistake(path, "a photo is its own evidence")
		}
	default:
		v.mistake(path, "unknown evidence rule %.80q", item.Evidence)
	}
}

func canFail(item checklist.Item) bool {
	return item.Kind == checklist.YesNo || isChosen(item.Kind) || isMeasured(item.Kind) && item.Limits != nil
}

func isChosen(kind checklist.Kind) bool {
	return kind == checklist.Choice || kind == checklist.MultipleChoice
}

func isMeasured(kind checklist.Kind) bool {
	return kind == checklist.Number || kind == checklist.Duration
}

func (v *validator) number(path string, item checklist.Item) {
	v.line(path+".unit", item.Unit, maxUnit)
	if item.Kind == checklist.Duration && item.Unit != Seconds {
		v.mistake(path+".unit", "%.80q must be %q for a duration", item.Unit, Seconds)
	}
	if item.Limits == nil {
		if item.Tracked {
			v.mistake(path+".limits", "a tracked characteristic must have limits")
		}
		return
	}
	v.limits(path+".limits", *item.Limits, item.Unit)
}

func (v *validator) limits(path string, limits checklist.Limits, name string) {
	lower, upper, unit := limits.Lower, limits.Upper, unitOf(name)
	if lower == nil && upper == nil {
		v.mistake(path, "must have at least one side")
	}
	for _, side := range []struct {
		name  string
		limit *float64
	}{{"lower", lower}, {"upper", upper}} {
		if side.limit != nil && !(*side.limit >= unit.min && *side.limit <= unit.max) {
			v.mistake(path+"."+side.name, "%v is not possible in %.80q", *side.limit, name)
		}
	}
	if lower == nil || upper == nil {
		return
	}
	switch {
	case *lower > *upper:
		v.mistake(path, "lower limit %v is above upper limit %v", *lower, *upper)
	case unit.whole && math.Ceil(*lower) > math.Floor(*upper):
		v.mistake(path, "no whole number is within %v and %v", *lower, *upper)
	}
}

func (v *validator) choices(path string, item checklist.Item) {
	options := item.Choices
	if len(options) < 2 || len(options) > maxChoices {
		v.mistake(path, "has %d, must have 2 to %d", len(options), maxChoices)
	}
	seen, full, sum := map[string]bool{}, false, 0.0
	for i, option := range options {
		path := at(path, option.ID, i)
		v.id(path+".id", option.ID)
		v.once(path+".id", option.ID, seen)
		v.text(path+".text", option.Text, maxText)
		if !inThousandths(option.Credit, 1) {
			v.mistake(path+".credit", "%v must be 0 to 1 in steps of 0.001", option.Credit)
		}
		full = full || option.Credit == 1
		sum += math.Round(option.Credit * thousandth)
	}
	full = full || item.Kind == checklist.MultipleChoice && sum >= thousandth
	if len(options) > 0 && !full {
		v.mistake(path, "no option earns full credit")
	}
}

func (v *validator) excludes(path string, item checklist.Item, items map[string]checklist.Item) {
	seen := map[string]bool{}
	for i, id := range item.Excludes {
		path := fmt.Sprintf("%s[%d]", path, i)
		v.once(path, id, seen)
		other, known := items[id]
		switch {
		case id == item.ID:
			v.mistake(path, "an item cannot exclude itself")
		case !known:
			v.mistake(path, "unknown item %.80q", id)
		case !slices.Contains(other.Excludes, item.ID):
			v.mistake(path, "item %.80q must exclude %.80q in turn", id, item.ID)
		}
	}
}

// when checks conditions, which look at items that come before.
func (v *validator) when(path string, item checklist.Item, items map[string]checklist.Item, before map[string]bool) {
	if len(item.When) > maxConditions {
		v.mistake(path, "has %d, must have at most %d", len(item.When), maxConditions)
	}
	for i, c := range item.When {
		path := fmt.Sprintf("%s[%d]", path, i)
		other := items[c.Item]
		tests := 0
		if c.Yes != nil {
			tests++
			v.suits(path+".yes", other, other.Kind == checklist.YesNo)
		}
		if len(c.AnyOf) > 0 {
			tests++
			v.suits(path+".anyOf", other, isChosen(other.Kind))
			for _, id := range c.AnyOf {
				if !slices.ContainsFunc(other.Choices, func(o checklist.Option) bool { return o.ID == id }) {
					v.mistake(path+".anyOf", "item %.80q has no option %.80q", c.Item, id)
				}
			}
		}
		if c.Within != nil {
			tests++
			v.suits(path+".within", other, isMeasured(other.Kind))
			v.limits(path+".within", *c.Within, other.Unit)
		}
		if !before[c.Item] {
			v.mistake(path+".item", "%.80q is no item that comes before", c.Item)
		}
		if tests != 1 {
			v.mistake(path, "must have exactly one of yes, anyOf and within")
		}
	}
}

func (v *validator) suits(path string, item checklist.Item, suits bool) {
	if !suits {
		v.mistake(path, "is no test of an item of kind %.80q", item.Kind)
	}
}

// at is a path's segment: the id of the element where it has one that is fit to
// print, else its index.
func at(list, id string, index int) string {
	if id != "" && len(id) <= 2*maxID && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" {
		return list + "[" + id + "]"
	}
	return fmt.Sprintf("%s[%d]", list, index)
}

// IsPluginID reports whether id is formed like that of a plugin.
func IsPluginID(id string) bool { return isID(id, maxPluginID) }

// isID reports whether id is a lower-case ASCII letter followed by letters,
// digits and single hyphens that do not end it.
func isID(id string, most int) bool {
	for i := range len(id) {
		c := id[i]
		letter, digit := c >= 'a' && c <= 'z', c >= '0' && c <= '9'
		hyphen := c == '-' && i+1 < len(id) && id[i+1] != '-'
		if !letter && (i == 0 || !digit && !hyphen) {
			return false
		}
	}
	return id != "" && len(id) <= most
}

// isVersion reports whether version is complete by semver.org 2.0.0, with all
// three numbers, and not too long.
func isVersion(version string) bool {
	v := "v" + version
	return len(version) <= maxVersion && semver.IsValid(v) && semver.Canonical(v)+semver.Build(v) == v
}

// inThousandths reports whether x is 0 to most and has at most three decimals.
func inThousandths(x, most float64) bool {
	return x >= 0 && x <= most && math.Round(x*thousandth)/thousandth == x
}
