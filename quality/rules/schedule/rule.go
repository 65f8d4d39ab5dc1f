package schedule

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// Bounds of a rule. What it costs to follow one is bounded by its frequency: the library goes through the days from where it begins,
// also those on which nothing comes.
const (
	maxRule      = 500 // bytes
	maxInterval  = 366
	maxCount     = 10_000
	maxTimes     = 24
	maxPositions = 10
)

// rule is an RRULE that has been checked. The library expands it on a clock that is never changed, without its end.
type rule struct {
	option rrule.ROption
	start  calendar.Date
	count  int
	until  func(*time.Location) time.Time // the last moment at which it can come; nil if it has none
}

// parts that a rule may have, and the frequencies for which RFC 5545, 3.3.10, has them.
var parts = map[string][]rrule.Frequency{
	"FREQ":       {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"INTERVAL":   {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"COUNT":      {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"UNTIL":      {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"WKST":       {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"BYMONTH":    {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"BYMONTHDAY": {rrule.DAILY, rrule.MONTHLY, rrule.YEARLY},
	"BYDAY":      {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"BYYEARDAY":  {rrule.YEARLY},
	"BYWEEKNO":   {rrule.YEARLY},
	"BYSETPOS":   {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"BYHOUR":     {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
	"BYMINUTE":   {rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY, rrule.YEARLY},
}

// parse reads the rule of a plan, and says what is wrong with it.
func parse(p Plan) (rule, Code) {
	if len(p.Rule) > maxRule {
		return rule{}, RuleLong
	}
	given, code := split(strings.ToUpper(p.Rule))
	if code != "" {
		return rule{}, code
	}
	r := rule{start: p.Start}
	if until, ends := given["UNTIL"]; ends {
		if _, counts := given["COUNT"]; counts {
			return rule{}, CountAndUntil
		}
		if r.until = parseUntil(until); r.until == nil {
			return rule{}, RuleSyntax
		}
		delete(given, "UNTIL")
	}
	if code := r.read(given); code != "" {
		return rule{}, code
	}
	r.complete(p)
	if len(r.option.Byhour)*len(r.option.Byminute) > maxTimes || len(r.option.Bysetpos) > maxPositions {
		return rule{}, TooManyADay
	}
	if !r.occurs() {
		return rule{}, NeverOccurs
	}
	return r, ""
}

// split takes the parts of a rule apart.
func split(text string) (map[string]string, Code) {
	given := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || value == "" {
			return nil, RuleSyntax
		}
		if _, twice := given[name]; twice || parts[name] == nil {
			return nil, PartRefused
		}
		given[name] = value
	}
	return given, ""
}

// read takes in the parts of a rule but for UNTIL.
func (r *rule) read(given map[string]string) Code {
	var texts []string
	for name, value := range given {
		texts = append(texts, name+"="+value)
	}
	option, err := rrule.StrToROption(strings.Join(texts, ";"))
	if err != nil {
		return RuleSyntax
	}
	if option.Freq > rrule.DAILY {
		return Frequency
	}
	for name := range given {
		if !slices.Contains(parts[name], option.Freq) {
			return PartRefused
		}
	}
	if interval := given["INTERVAL"]; interval != "" && (option.Interval < 1 || option.Interval > maxInterval) {
		return IntervalRange
	}
	if count := given["COUNT"]; count != "" && (option.Count < 1 || option.Count > maxCount) {
		return CountRange
	}
	if option.Wkst.N() != 0 || !numbered(given, "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYDAY") {
		return RuleSyntax
	}
	if _, err := rrule.NewRRule(*option); err != nil {
		return RuleSyntax
	}
	most := 53
	if option.Freq == rrule.MONTHLY || len(option.Bymonth) > 0 {
		most = 5 // a month has no sixth Monday; the library fails on some
	}
	nth := false
	for _, w := range option.Byweekday {
		if max(w.N(), -w.N()) > most {
			return RuleSyntax
		}
		nth = nth || w.N() != 0
	}
	if nth && (option.Freq >= rrule.WEEKLY || len(option.Byweekno) > 0) || len(option.Bysetpos) > 0 && !byParts(given) {
		return PartRefused
	}
	r.count, option.Count = option.Count, 0
	r.option = *option
	return ""
}

// numbered says whether none of the numbers in some parts is 0, of which the library takes no notice.
func numbered(given map[string]string, names ...string) bool {
	for _, name := range names {
		for number := range strings.SplitSeq(given[name], ",") {
			if n, err := strconv.Atoi(strings.TrimRight(number, "ADEFHMORSTUW")); err == nil && n == 0 {
				return false
			}
		}
	}
	return true
}

// byParts says whether there is anything that BYSETPOS could choose from.
func byParts(given map[string]string) bool {
	for name := range given {
		if strings.HasPrefix(name, "BY") && name != "BYSETPOS" {
			return true
		}
	}
	return false
}

// parseUntil reads the end of a rule. A date includes its last moment.
func parseUntil(text string) func(*time.Location) time.Time {
	if at, err := time.Parse("20060102T150405Z", text); err == nil {
		return func(*time.Location) time.Time { return at }
	}
	if at, err := time.Parse("20060102T150405", text); err == nil {
		return func(zone *time.Location) time.Time {
			return moment(calendar.DateOf(at.Date()), at.Hour()*60+at.Minute(), zone).Add(time.Duration(at.Second()) * time.Second)
		}
	}
	if at, err := time.Parse("20060102", text); err == nil {
		return func(zone *time.Location) time.Time {
			return moment(calendar.DateOf(at.Date())+1, 0, zone).Add(-time.Second)
		}
	}
	return nil
}

// complete names what a rule leaves to its start, so that it can be followed from any day on.
func (r *rule) complete(p Plan) {
	o := &r.option
	o.Interval = max(o.Interval, 1)
	start := midnight(p.Start)
	if len(o.Byweekno)+len(o.Byyearday)+len(o.Bymonthday)+len(o.Byweekday) == 0 {
		switch o.Freq {
		case rrule.YEARLY:
			if len(o.Bymonth) == 0 {
				o.Bymonth = []int{int(start.Month())}
			}
			o.Bymonthday = []int{start.Day()}
		case rrule.MONTHLY:
			o.Bymonthday = []int{start.Day()}
		case rrule.WEEKLY:
			o.Byweekday = []rrule.Weekday{weekdays[start.Weekday()]}
		}
	}
	if len(o.Byhour) == 0 {
		o.Byhour = []int{int(p.At) / 60}
	}
	if len(o.Byminute) == 0 {
		o.Byminute = []int{int(p.At) % 60}
	}
	for _, numbers := range []*[]int{&o.Byhour, &o.Byminute, &o.Bysetpos} {
		slices.Sort(*numbers)
		*numbers = slices.Compact(*numbers)
	}
}

var weekdays = [...]rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}

// daytime is one of the times of a rule.
type daytime struct {
	date   calendar.Date
	minute int // of the day
	number int // of the times of that day, from 1
}

// occurs says whether a rule has any times. It is asked of no zone, so that one that ends within a day of its first time passes.
func (r *rule) occurs() bool {
	for first := range r.from(r.start, nil) {
		return r.until == nil || !midnight(first.date).After(r.until(time.UTC).Add(daySeconds*time.Second))
	}
	return false
}

// times are those of the days from first to last, in order.
func (r *rule) times(first, last calendar.Date, zone *time.Location) iter.Seq[daytime] {
	return func(yield func(daytime) bool) {
		begin := r.start
		if r.count == 0 {
			begin = max(first, begin)
		}
		n := 0
		for t := range r.from(begin, &last) {
			n++
			if r.count > 0 && n > r.count || r.until != nil && moment(t.date, t.minute, zone).After(r.until(zone)) {
				return
			}
			if t.date >= first && !yield(t) {
				return
			}
		}
	}
}

// from are the times of a rule from a day on, and up to another if there is one.
func (r *rule) from(begin calendar.Date, last *calendar.Date) iter.Seq[daytime] {
	option := r.option
	option.Dtstart = r.period(begin)
	option.Until = midnight(lastYear)
	if last != nil {
		option.Until = midnight(*last + 1).Add(-time.Second)
	}
	return func(yield func(daytime) bool) {
		expanded, err := rrule.NewRRule(option)
		if err != nil {
			return // it was made before, and only its start differs
		}
		next := expanded.Iterator()
		var day daytime
		for at, ok := next(); ok; at, ok = next() {
			date := calendar.DateOf(at.Date())
			if date != day.date {
				day = daytime{date: date}
			}
			day.minute = at.Hour()*60 + at.Minute()
			day.number++
			if date >= begin && !yield(day) {
				return
			}
		}
	}
}

// lastYear is as far as the library goes.
var lastYear = calendar.DateOf(rrule.MAXYEAR, 12, 31)

// period is the beginning of the period of a rule in which a day lies that is not before its start, counted from the period of
// that: of each Interval days, weeks, months or years the first has the rule's times, all together, as BYSETPOS wants them.
func (r *rule) period(day calendar.Date) time.Time {
	start, at, interval := midnight(r.start), midnight(day), r.option.Interval
	switch r.option.Freq {
	case rrule.YEARLY:
		years := at.Year() - start.Year()
		return time.Date(start.Year()+years/interval*interval, 1, 1, 0, 0, 0, 0, time.UTC)
	case rrule.MONTHLY:
		months := (at.Year()-start.Year())*12 + int(at.Month()-start.Month())
		return time.Date(start.Year(), start.Month()+time.Month(months/interval*interval), 1, 0, 0, 0, 0, time.UTC)
	case rrule.WEEKLY:
		first := r.start - calendar.Date((int(start.Weekday())+6-r.option.Wkst.Day())%7)
		days := calendar.Date(7 * interval)
		return midnight(first + (day-first)/days*days)
	default:
		days := calendar.Date(interval)
		return midnight(r.start + (day-r.start)/days*days)
	}
}
