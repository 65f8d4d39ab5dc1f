package quality

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// Limits of what a deadline policy says.
const (
	maxPolicyName  = 200
	maxMatchTexts  = 100 // topics, and classes of customers
	maxMatchText   = 400
	maxWarnings    = 5
	maxEscalations = 8
	maxRepetitions = 100
	maxDeadline    = 366 * 24 * time.Hour
)

// checkPolicy says what is wrong with a policy that was handed in.
func checkPolicy(name *string, match rules.DeadlineMatch, targets []rules.DeadlineRule) error {
	var c check
	c.line(name, maxPolicyName, "name")
	for path, list := range map[string][]string{"topics": match.Topics, "customerClasses": match.CustomerClasses} {
		if len(list) > maxMatchTexts {
			c.tooMany(len(list), maxMatchTexts, "match", path)
			continue
		}
		for n := range list {
			c.line(&list[n], maxMatchText, "match", path, strconv.Itoa(n))
		}
	}
	for n := range match.CustomerClasses {
		match.CustomerClasses[n] = strings.ToLower(match.CustomerClasses[n]) // as customers have them
	}
	c.deadlineRules(targets)
	return c.err()
}

// deadlineRules checks what a policy says of its targets.
func (c *check) deadlineRules(targets []rules.DeadlineRule) {
	if len(targets) == 0 {
		c.add(Required, "A policy sets at least one deadline.", "时限策略至少要规定一项时限。", "targets")
	}
	first := map[rules.DeadlineTarget]bool{}
	for n, r := range targets {
		at := []string{"targets", strconv.Itoa(n)}
		if first[r.Target] {
			c.add(Duplicate, "There is a deadline for this target already.", "该目标已规定时限。", append(at, "target")...)
		}
		first[r.Target] = true
		c.deadlineRule(r, at)
	}
}

func (c *check) tooMany(n, limit int, path ...string) {
	c.add(TooLong, fmt.Sprintf("There are %d; at most %d are allowed.", n, limit), fmt.Sprintf("共 %d 项，最多允许 %d 项。", n, limit), path...)
}

// deadlineRule checks what a policy says of one target.
func (c *check) deadlineRule(r rules.DeadlineRule, at []string) {
	path := func(more ...string) []string { return append(at[:len(at):len(at)], more...) }
	timed := r.Target.BringsItsTime()
	if !timed {
		c.duration(r.Length, time.Minute, path("length")...)
	} else if r.Length != 0 {
		c.add(Invalid, "This is due at a time that is said each time anew: it has no length.", "该时限的时间每次另行指定，不设时限长度。", path("length")...)
	}
	switch {
	case len(r.WarnBefore) > maxWarnings:
		c.tooMany(len(r.WarnBefore), maxWarnings, path("warnBefore")...)
	case len(r.EscalateAfter) > maxEscalations:
		c.tooMany(len(r.EscalateAfter), maxEscalations, path("escalateAfter")...)
	}
	for n, before := range r.WarnBefore {
		c.duration(before, time.Minute, path("warnBefore", strconv.Itoa(n))...)
		if before >= r.Length && !timed {
			c.add(Invalid, "A warning comes after the beginning: this must be shorter than the deadline.", "预警必须在计时开始之后，须短于时限。", path("warnBefore", strconv.Itoa(n))...)
		}
	}
	for n, after := range r.EscalateAfter {
		c.duration(after, 0, path("escalateAfter", strconv.Itoa(n))...)
		if n > 0 && after <= r.EscalateAfter[n-1] {
			c.add(Invalid, "Each level hears of it later than the one below.", "每一级的升级时间必须晚于下一级。", path("escalateAfter", strconv.Itoa(n))...)
		}
	}
	if r.RepeatEvery == nil {
		if r.RepeatAtMost != 0 {
			c.add(Required, "Say at which interval it is repeated.", "请指定重复间隔。", path("repeatEvery")...)
		}
		return
	}
	c.duration(*r.RepeatEvery, time.Minute, path("repeatEvery")...)
	if r.RepeatAtMost < 1 || r.RepeatAtMost > maxRepetitions {
		c.add(Invalid, fmt.Sprintf("This must be 1 to %d.", maxRepetitions), fmt.Sprintf("必须为 1 至 %d。", maxRepetitions), path("repeatAtMost")...)
	}
}

// duration checks that a length of time is within what deadlines are made of.
func (c *check) duration(d, least time.Duration, path ...string) {
	if d < least || d > maxDeadline {
		c.add(Invalid, fmt.Sprintf("This must be at least %d minutes and at most 366 days.", int(least.Minutes())),
			fmt.Sprintf("必须不少于 %d 分钟，且不超过 366 天。", int(least.Minutes())), path...)
	}
}
