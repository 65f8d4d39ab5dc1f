package quality_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicy"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicyversion"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// within is a policy's word on how soon a case is resolved.
func within(d time.Duration) []rules.DeadlineRule {
	return []rules.DeadlineRule{{Target: rules.Resolution, Length: d, Counting: rules.AroundTheClock}}
}

func TestDeadlinePolicyVersions(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "officer")
		p := must(c.CreateDeadlinePolicy(ctx, quality.CreateDeadlinePolicy{Name: "Complaints", Targets: within(time.Hour),
			Match: rules.DeadlineMatch{Kinds: []servicecase.Kind{servicecase.KindCOMPLAINT}}}))(t)
		c.clock.advance(time.Hour)
		revise := quality.ReviseDeadlinePolicy{ID: p.ID, ExpectedRevision: 1, Name: "All", Targets: within(2 * time.Hour)}
		p = must(c.ReviseDeadlinePolicy(ctx, revise))(t)
		if p.Name != "All" || p.Revision != 2 || !p.UpdatedAt.Equal(morning.Add(time.Hour)) {
			t.Errorf("revised it is %+v", p)
		}
		versions := p.QueryVersions().Order(deadlinepolicyversion.ByNumber()).AllX(ctx)
		var got []string
		for _, v := range versions {
			said, err := quality.DeadlinePolicyOf(v)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, strconv.Itoa(v.Number)+" "+said.Targets[0].Length.String()+" "+strconv.FormatBool(v.Current)+" "+strconv.Itoa(len(said.Match.Kinds)))
		}
		if diff := cmp.Diff([]string{"1 1h0m0s false 1", "2 2h0m0s true 0"}, got); diff != "" {
			t.Errorf("versions (-want +got):\n%s", diff)
		}
		_, err := c.ReviseDeadlinePolicy(ctx, revise)
		expect(t, "a stale revision", err, "CONFLICT expectedRevision")
		p = must(c.RetireDeadlinePolicy(ctx, quality.RetireDeadlinePolicy{ID: p.ID, ExpectedRevision: 2}))(t)
		if p.RetiredAt == nil {
			t.Error("it is not retired")
		}
		revise.ExpectedRevision = 3
		_, err = c.ReviseDeadlinePolicy(ctx, revise)
		expect(t, "a retired policy", err, "REJECTED id")
	})
}

func TestDeadlinePolicyOrder(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx := c.as(t, "officer")
		made := map[string]*db.DeadlinePolicy{}
		for _, name := range []string{"a", "b", "c", "d"} {
			made[name] = must(c.CreateDeadlinePolicy(ctx, quality.CreateDeadlinePolicy{Name: name, Targets: within(time.Hour)}))(t)
		}
		order := func() (names string) {
			for _, p := range c.db.DeadlinePolicy.Query().Order(deadlinepolicy.ByPosition(), deadlinepolicy.ByID()).AllX(ctx) {
				names += p.Name
			}
			return names
		}
		for _, m := range []struct{ move, before, want string }{
			{"d", "b", "adbc"}, {"a", "", "dbca"}, {"c", "d", "cdba"}, {"c", "d", "cdba"}, {"b", "a", "cdba"}, {"c", "a", "dbca"},
		} {
			in := quality.MoveDeadlinePolicy{ID: made[m.move].ID, ExpectedRevision: made[m.move].Revision}
			if m.before != "" {
				in.BeforeID = &made[m.before].ID
			}
			made[m.move] = must(c.MoveDeadlinePolicy(ctx, in))(t)
			if got := order(); got != m.want {
				t.Errorf("%s before %q: the order is %s, want %s", m.move, m.before, got, m.want)
			}
		}
		self := quality.MoveDeadlinePolicy{ID: made["a"].ID, ExpectedRevision: made["a"].Revision, BeforeID: &made["a"].ID}
		_, err := c.MoveDeadlinePolicy(ctx, self)
		expect(t, "before itself", err, "INVALID beforeId")
	})
}

func TestDeadlinePoliciesAreForThoseWhoSetStandards(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		hotel, mall := c.sites["hotel"].ID, c.sites["mall"].ID
		everywhere := quality.CreateDeadlinePolicy{Name: "x", Targets: within(time.Hour)}
		ofHotel, ofMall := everywhere, everywhere
		ofHotel.SiteID, ofMall.SiteID = &hotel, &mall
		for name, want := range map[string][3]string{
			"agent":        {"FORBIDDEN", "FORBIDDEN", "NOT_FOUND siteId"},
			"manager":      {"FORBIDDEN", "FORBIDDEN", "NOT_FOUND siteId"},
			"site manager": {"FORBIDDEN", "", "NOT_FOUND siteId"},
			"officer":      {}, "executive": {}, "administrator": {}, integrator: {},
		} {
			for n, in := range []quality.CreateDeadlinePolicy{everywhere, ofHotel, ofMall} {
				_, err := c.CreateDeadlinePolicy(c.as(t, name), in)
				expect(t, name+" makes policy "+strconv.Itoa(n), err, want[n])
			}
		}
	})
}

func TestDeadlinePolicyIsChecked(t *testing.T) {
	c := newCompany(t, dbtest.SQLite(t))
	hour, second := time.Hour, time.Second
	good := rules.DeadlineRule{Target: rules.Resolution, Length: hour, Counting: rules.AroundTheClock}
	with := func(change func(*rules.DeadlineRule)) []rules.DeadlineRule {
		r := good
		change(&r)
		return []rules.DeadlineRule{r}
	}
	for what, test := range map[string]struct {
		targets []rules.DeadlineRule
		want    string
	}{
		"no target":           {nil, "REQUIRED targets"},
		"a target twice":      {[]rules.DeadlineRule{good, good}, "DUPLICATE targets.1.target"},
		"no length":           {with(func(r *rules.DeadlineRule) { r.Length = 0 }), "INVALID targets.0.length"},
		"a length of years":   {with(func(r *rules.DeadlineRule) { r.Length = 400 * 24 * hour }), "INVALID targets.0.length"},
		"a promise's length":  {with(func(r *rules.DeadlineRule) { r.Target = rules.Promise }), "INVALID targets.0.length"},
		"a warning too early": {with(func(r *rules.DeadlineRule) { r.WarnBefore = []time.Duration{hour} }), "INVALID targets.0.warnBefore.0"},
		"many warnings":       {with(func(r *rules.DeadlineRule) { r.WarnBefore = make([]time.Duration, 6) }), "TOO_LONG targets.0.warnBefore"},
		"levels at once":      {with(func(r *rules.DeadlineRule) { r.EscalateAfter = []time.Duration{hour, hour} }), "INVALID targets.0.escalateAfter.1"},
		"repeated for ever":   {with(func(r *rules.DeadlineRule) { r.RepeatEvery = &hour }), "INVALID targets.0.repeatAtMost"},
		"repeated at once":    {with(func(r *rules.DeadlineRule) { r.RepeatEvery, r.RepeatAtMost = &second, 1 }), "INVALID targets.0.repeatEvery"},
		"no interval":         {with(func(r *rules.DeadlineRule) { r.RepeatAtMost = 1 }), "REQUIRED targets.0.repeatEvery"},
	} {
		_, err := c.CreateDeadlinePolicy(c.as(t, "officer"), quality.CreateDeadlinePolicy{Name: "x", Targets: test.targets})
		if got := outcome(err); got != test.want && (what != "many warnings" || len(got) < len(test.want) || got[:len(test.want)] != test.want) {
			t.Errorf("%s: %q, want %q", what, got, test.want)
		}
		_, err = c.PreviewDeadlines(c.as(t, "agent"), quality.PreviewDeadlines{Targets: test.targets})
		if err == nil {
			t.Errorf("%s is previewed", what)
		}
	}
	if n := c.db.DeadlinePolicy.Query().CountX(ent.AsSystem(t.Context())); n != 0 {
		t.Errorf("%d policies were made", n)
	}
}

func TestDeadlinePreview(t *testing.T) {
	c := newCompany(t, dbtest.SQLite(t))
	hour := time.Hour
	got, err := c.PreviewDeadlines(c.as(t, "agent"), quality.PreviewDeadlines{Targets: []rules.DeadlineRule{{
		Target: rules.Resolution, Length: 8 * time.Hour, Counting: rules.AroundTheClock, WarnBefore: []time.Duration{2 * time.Hour},
		EscalateAfter: []time.Duration{0, time.Hour}, RepeatEvery: &hour, RepeatAtMost: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	at := func(h int) time.Time { return morning.Add(time.Duration(h) * time.Hour) }
	want := []*quality.DeadlinePreview{{Target: rules.Resolution, DueAt: at(8), Alerts: []*quality.AlertPreview{
		{Kind: rules.Warn, At: at(6)}, {Kind: rules.Miss, At: at(8)}, {Kind: rules.Escalate, Level: 1, At: at(8)},
		{Kind: rules.Escalate, Level: 2, At: at(9)}, {Kind: rules.Escalate, Level: 3, At: at(10)}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The class of the customer decides on the policy, in capitals or not, by how it is
// when the case is opened.
func TestPoliciesByCustomerClass(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		for name, match := range map[string]rules.DeadlineMatch{"for guests of honour": {CustomerClasses: []string{"VIP"}}, "for others": {Channels: []servicecase.Channel{servicecase.ChannelEMAIL}, CustomerClasses: []string{"regular"}}} {
			must(c.CreateDeadlinePolicy(c.as(t, "officer"), quality.CreateDeadlinePolicy{Name: name, Match: match,
				Targets: []rules.DeadlineRule{{Target: rules.Resolution, Length: time.Hour, Counting: rules.AroundTheClock}}}))(t)
		}
		class := "Vip"
		known := must(c.RegisterCustomer(c.as(t, "agent"), quality.RegisterCustomer{Kind: customer.KindPERSON, Name: "Lin", Class: &class}))(t)
		for who, want := range map[*typeid.CustomerID]time.Duration{&known.ID: time.Hour, nil: 72 * time.Hour} {
			k := must(c.OpenCase(c.as(t, "agent"), quality.OpenCase{Kind: servicecase.KindINQUIRY, Channel: servicecase.ChannelEMAIL,
				Severity: servicecase.SeverityMINOR, Subject: "Late", CustomerID: who, Anonymous: who == nil}))(t)
			if allowed := k.DueAt.Sub(k.OpenedAt); allowed != want {
				t.Errorf("%v to resolve it, want %v", allowed, want)
			}
		}
	})
}
