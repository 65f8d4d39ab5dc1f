package calendar

import (
	"iter"
	"slices"
	"sort"
)

const daySeconds = 24 * 60 * 60

// timeline is what is open by a clock that is never changed. Its moments are the seconds from 1970-01-01 00:00 to what the clock
// shows. Open time before a moment is known without walking there: whole weeks, the days of the last one, and by how much the
// special days until then differ from ordinary ones.
type timeline struct {
	week    [7]ordinary // 1970-01-01, a Thursday, is the first
	total   int64       // open seconds of an ordinary week
	special []special   // in order of their dates
}

type ordinary struct {
	open   []span // in order, apart, seconds of the day
	before int64  // open seconds of the week before the day
}

// special is a day that differs from the week: a day of the definition, or the one after it, into which windows reach.
type special struct {
	date   int64
	open   []span
	before int64 // by how much the special days before this one are open longer than ordinary ones
}

type span struct{ from, to int64 }

func newTimeline(d Definition) timeline {
	var l timeline
	week := Definition{Week: d.Week}
	for date := range l.week {
		l.week[date] = ordinary{open: week.openOn(Date(date)), before: l.total}
		l.total += length(l.week[date].open)
	}
	var dates []Date
	for date := range d.Days {
		dates = append(dates, date, date+1)
	}
	slices.Sort(dates)
	var longer int64
	for _, date := range slices.Compact(dates) {
		open := d.openOn(date)
		l.special = append(l.special, special{date: int64(date), open: open, before: longer})
		longer += length(open) - length(l.week[floorMod(int64(date), 7)].open)
	}
	return l
}

// openOn is what is open on a date: of the windows that begin on it and of those of the day before that pass midnight.
func (d Definition) openOn(date Date) []span {
	var open []span
	add := func(windows []Window, shift int64) {
		for _, w := range windows {
			from, to := max(int64(w.From)*60-shift, 0), min(int64(w.To)*60-shift, daySeconds)
			if from < to {
				open = append(open, span{from, to})
			}
		}
	}
	add(d.windows(date-1), daySeconds)
	add(d.windows(date), 0)
	slices.SortFunc(open, func(a, b span) int { return int(a.from - b.from) })
	joined := open[:0]
	for _, s := range open {
		if n := len(joined); n > 0 && s.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, s.to)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

// day is what is open on a date, and the open time since 1970-01-01 before it (negative for dates before that).
func (l *timeline) day(date int64) (open []span, before int64) {
	ordinary := l.week[floorMod(date, 7)]
	open, before = ordinary.open, floorDiv(date, 7)*l.total+ordinary.before
	next, found := slices.BinarySearchFunc(l.special, date, func(s special, date int64) int { return int(s.date - date) })
	switch {
	case found:
		open, before = l.special[next].open, before+l.special[next].before
	case next > 0:
		last := l.special[next-1]
		before += last.before + length(last.open) - length(l.week[floorMod(last.date, 7)].open)
	}
	return open, before
}

// before is the open time before a moment. Only differences of it mean something.
func (l *timeline) before(moment int64) int64 {
	open, before := l.day(floorDiv(moment, daySeconds))
	second := floorMod(moment, daySeconds)
	for _, s := range open {
		if s.from < second {
			before += min(s.to, second) - s.from
		}
	}
	return before
}

// at is the earliest moment from which on before answers at least target. It lies after from and not after to.
func (l *timeline) at(target, from, to int64) int64 {
	first, last := floorDiv(from, daySeconds), floorDiv(to, daySeconds)
	date := first + int64(sort.Search(int(last-first), func(i int) bool {
		_, before := l.day(first + int64(i) + 1)
		return before >= target
	}))
	open, before := l.day(date)
	for _, s := range open {
		if before+s.to-s.from >= target {
			return date*daySeconds + s.from + target - before
		}
		before += s.to - s.from
	}
	return to
}

func (l *timeline) open(moment int64) bool {
	open, _ := l.day(floorDiv(moment, daySeconds))
	second := floorMod(moment, daySeconds)
	return slices.ContainsFunc(open, func(s span) bool { return s.from <= second && second < s.to })
}

// spans are what is open between two moments, day by day.
func (l *timeline) spans(from, to int64) iter.Seq[span] {
	return func(yield func(span) bool) {
		for date := floorDiv(from, daySeconds); date*daySeconds < to; date++ {
			open, _ := l.day(date)
			for _, s := range open {
				s = span{max(from, date*daySeconds+s.from), min(to, date*daySeconds+s.to)}
				if s.from < s.to && !yield(s) {
					return
				}
			}
		}
	}
}

func length(spans []span) (total int64) {
	for _, s := range spans {
		total += s.to - s.from
	}
	return total
}

func floorDiv(a, b int64) int64 {
	if q := a / b; a%b >= 0 {
		return q
	}
	return a/b - 1
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }
