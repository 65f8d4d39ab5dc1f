package quality_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/hook"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/contact"
)

func (c *company) token(t testing.TB, in quality.IssueToken) (secret string, token *db.AccessToken) {
	t.Helper()
	in.Name = "test"
	secret, token, err := c.IssueToken(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return secret, token
}

func (c *company) refused(t testing.TB, what, secret string) {
	t.Helper()
	v, _, err := c.Authenticate(t.Context(), secret)
	if !errors.Is(err, quality.ErrUnauthenticated) || !v.IsZero() {
		t.Errorf("%s lets %+v in (%v)", what, v, err)
	}
}

func TestTokensLetIn(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		d := func(codes ...string) (ids []typeid.DepartmentID) {
			for _, code := range codes {
				ids = append(ids, c.departments[code].ID)
			}
			return ids
		}
		hotel := c.sites["hotel"].ID
		for _, test := range []struct {
			name string
			in   quality.IssueToken
			want ent.Viewer
		}{
			{"staff", quality.IssueToken{Staff: c.staff("agent")},
				ent.Viewer{Role: staff.RoleSTAFF, Staff: *c.staff("agent"), Site: hotel}},
			{"staff, limited", quality.IssueToken{Staff: c.staff("agent"), Scopes: []string{"cases:read"}},
				ent.Viewer{Role: staff.RoleSTAFF, Staff: *c.staff("agent"), Site: hotel, Scopes: []string{"cases:read"}}},
			{"staff, with an empty list of scopes", quality.IssueToken{Staff: c.staff("agent"), Scopes: []string{}},
				ent.Viewer{Role: staff.RoleSTAFF, Staff: *c.staff("agent"), Site: hotel}},
			{"lead", quality.IssueToken{Staff: c.staff("lead")},
				ent.Viewer{Role: staff.RoleTEAM_LEAD, Staff: *c.staff("lead"), Site: hotel, Departments: d("desk")}},
			{"manager, with what is below", quality.IssueToken{Staff: c.staff("manager")},
				ent.Viewer{Role: staff.RoleDEPARTMENT_MANAGER, Staff: *c.staff("manager"), Site: hotel, Departments: d("front-office", "desk", "reservations")}},
			{"site manager", quality.IssueToken{Staff: c.staff("site manager")},
				ent.Viewer{Role: staff.RoleSITE_MANAGER, Staff: *c.staff("site manager"), Site: hotel}},
			{"integrator", quality.IssueToken{Scopes: []string{"cases:write", "customers:read"}},
				ent.Viewer{Role: ent.Integrator, Scopes: []string{"cases:write", "customers:read"}}},
			{"integrator of a site", quality.IssueToken{Site: &hotel, Scopes: []string{"cases:read"}},
				ent.Viewer{Role: ent.Integrator, Site: hotel, Scopes: []string{"cases:read"}}},
		} {
			secret, token := c.token(t, test.in)
			got, expires, err := c.Authenticate(t.Context(), secret)
			if err != nil || !expires.IsZero() {
				t.Errorf("%s: expires %v, %v", test.name, expires, err)
			}
			test.want.Token = token.ID
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(ent.Viewer{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		}
	})
}

func TestTokensKeepOut(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		secret, token := c.token(t, quality.IssueToken{Staff: c.staff("agent")})
		for _, wrong := range []string{"", "rounds_", secret + "A", secret[:len(secret)-1], strings.ToLower(secret), token.ID.String(), string(token.Digest)} {
			c.refused(t, "the token "+wrong, wrong)
		}

		expires := morning.Add(time.Hour)
		short, _ := c.token(t, quality.IssueToken{Staff: c.staff("agent"), Expires: &expires})
		c.clock.set(expires.Add(-time.Microsecond))
		if _, until, err := c.Authenticate(t.Context(), short); err != nil || !until.Equal(expires) {
			t.Errorf("before it expires: until %v, %v", until, err)
		}
		c.clock.set(expires)
		c.refused(t, "an expired token", short)

		before := c.rows(t)["events"]
		for range 2 { // again changes nothing
			if err := c.RevokeToken(t.Context(), token.ID); err != nil {
				t.Fatal(err)
			}
			c.refused(t, "a revoked token", secret)
		}
		if got := c.said(t, before); len(got) != 1 || got[0].Kind != quality.EventTokenRevoked {
			t.Errorf("events of the revocation: %v, want one", got)
		}
		expect(t, "revoking a token that does not exist", c.RevokeToken(t.Context(), typeid.New[typeid.TokenID]()), "NOT_FOUND id")

		theirs, _ := c.token(t, quality.IssueToken{Staff: c.staff("colleague")})
		c.leaves(t, "colleague")
		c.refused(t, "the token of somebody who has left", theirs)
	})
}

func TestIssueTokenRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		nobody, nowhere := typeid.New[typeid.StaffID](), typeid.New[typeid.SiteID]()
		for _, test := range []struct {
			name string
			in   quality.IssueToken
			want string
		}{
			{"all problems at once", quality.IssueToken{Expires: &morning}, "REQUIRED name; REQUIRED scopes; INVALID expires"},
			{"an unknown scope", quality.IssueToken{Name: "x", Scopes: []string{"cases:read", "cases:*"}}, "INVALID scopes.1"},
			{"an unknown person", quality.IssueToken{Name: "x", Staff: &nobody}, "NOT_FOUND staff"},
			{"an unknown site", quality.IssueToken{Name: "x", Site: &nowhere, Scopes: []string{"cases:read"}}, "NOT_FOUND site"},
		} {
			secret, token, err := c.IssueToken(t.Context(), test.in)
			expect(t, test.name, err, test.want)
			if secret != "" || token != nil {
				t.Errorf("%s: a token was made", test.name)
			}
		}
	})
}

// The database holds the digests of tokens, from which nobody gets in.
func TestTokensAreStoredHashed(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		secret, token := c.token(t, quality.IssueToken{Staff: c.staff("agent")})
		other, _ := c.token(t, quality.IssueToken{Staff: c.staff("agent")})
		if secret == other || len(secret) < 50 || !strings.HasPrefix(secret, "rounds_") {
			t.Errorf("the tokens are %d characters long, equal: %v", len(secret), secret == other)
		}
		if want := sha256.Sum256([]byte(secret)); !slices.Equal(token.Digest, want[:]) {
			t.Error("the digest is not SHA-256 of the token")
		}
		for table, content := range c.dump(t) {
			if strings.Contains(content, strings.TrimPrefix(secret, "rounds_")) {
				t.Errorf("table %s holds the token", table)
			}
		}
	})
}

// A token limited to some areas changes nothing in the others.
func TestScopes(t *testing.T) {
	areas := map[string]ent.Area{"open": ent.Cases, "dispatch": ent.Cases, "accept": ent.Cases, "resolve": ent.Cases, "close": ent.Cases,
		"acknowledge": ent.Cases, "contain": ent.Cases, "refuse": ent.Cases, "move": ent.Cases, "hold": ent.Cases, "revise": ent.Cases,
		"decide on a case": ent.Cases, "merge": ent.Cases, "split": ent.Cases, "link": ent.Cases, "reply": ent.Cases, "follow up": ent.Cases, "reopen": ent.Cases,
		"add an entry": ent.Cases, "register": ent.Customers, "update": ent.Customers, "record a contact": ent.Customers, "plan": ent.Inspections, "change a plan": ent.Inspections, "retire a plan": ent.Inspections, "start": ent.Inspections, "answer": ent.Inspections,
		"complete": ent.Inspections, "run appraisals": ent.Appraisals, "approve": ent.Appraisals,
		"receive a visitor": ent.Customers, "ask for an extra turn": ent.Customers, "grant an extra turn": ent.Customers,
		"plan a rota": ent.Organisation, "reassign a shift": ent.Organisation, "cancel a shift": ent.Organisation,
		"ask for a swap": ent.Organisation, "agree to a swap": ent.Organisation,
		"assess": ent.Cases, "report": ent.Cases, "refer": ent.Cases, "commend": ent.Cases, "plan a measure": ent.Cases,
		"complete a measure": ent.Cases, "verify a measure": ent.Cases, "cancel a measure": ent.Cases,
		"rebaseline a chart": ent.Inspections, "acknowledge an alarm": ent.Inspections}
	each(t, func(t *testing.T, c *company) {
		changes := c.changes(t, true)
		before := c.records(t)
		for _, change := range changes {
			area, listed := areas[change.name]
			if !listed {
				t.Fatalf("the table lacks %s", change.name)
			}
			v := c.viewers["manager"]
			v.Scopes = slices.DeleteFunc(ent.Scopes(), func(s string) bool { return s == string(area)+":write" })
			expect(t, change.name+" without the scope", change.make(ent.WithViewer(t.Context(), v)), "FORBIDDEN")
		}
		if diff := cmp.Diff(before, c.records(t)); diff != "" {
			t.Errorf("something was written (-before +after):\n%s", diff)
		}
		for _, change := range changes {
			v := c.viewers["manager"]
			v.Scopes = []string{string(areas[change.name]) + ":write", "organisation:read", "checklists:read"}
			expect(t, change.name+" with the scope", change.make(ent.WithViewer(t.Context(), v)), "")
		}
		// At one's own site a case can be opened with nothing but the one scope.
		v := c.viewers["agent"]
		v.Scopes = []string{"cases:write"}
		_, err := c.OpenCase(ent.WithViewer(t.Context(), v), complaint())
		expect(t, "open with one scope", err, "")
	})
}

// Codes that differ in case only, or contain what SQL takes for a wildcard, are
// different departments.
func TestDepartmentsBelow(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		err := ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
			for path, parent := range map[string]string{"hotel/DESK/": "", "hotel/front_office/": "", "hotel/front-office/desk/night/": "desk", "hotel/front-office/desktop/": "front-office"} {
				parts := strings.Split(path, "/")
				create := tx.Department.Create().SetSiteID(c.sites["hotel"].ID).SetCode(parts[len(parts)-2]).SetName(path).SetPath(path).SetCreatedAt(morning)
				if parent != "" {
					create.SetParentID(c.departments[parent].ID)
				}
				if err := create.Exec(t.Context()); err != nil {
					return err
				}
			}
			return tx.Department.Create().SetSiteID(c.sites["hotel"].ID).SetCode("NIGHT").SetName("x").
				SetPath("hotel/FRONT-OFFICE/DESK/NIGHT/").SetCreatedAt(morning).Exec(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
		secret, _ := c.token(t, quality.IssueToken{Staff: c.staff("lead")})
		v, _, err := c.Authenticate(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range v.Departments {
			d, err := c.db.Department.Get(ent.AsSystem(t.Context()), id)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, d.Path)
		}
		if diff := cmp.Diff([]string{"hotel/front-office/desk/", "hotel/front-office/desk/night/"}, got); diff != "" {
			t.Errorf("the lead answers for (-want +got):\n%s", diff)
		}
	})
}

// Who also oversees other departments answers for them, and for what is below.
func TestOverseers(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		err := ent.WithTx(t.Context(), c.db.Client, func(tx *db.Tx) error {
			return tx.Staff.UpdateOneID(*c.staff("housekeeping manager")).AddOversees(c.departments["front-office"]).Exec(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
		v, err := c.ViewerOf(t.Context(), c.people["housekeeping manager"])
		if err != nil {
			t.Fatal(err)
		}
		var want []typeid.DepartmentID
		for _, code := range []string{"front-office", "desk", "reservations", "housekeeping"} { // by path
			want = append(want, c.departments[code].ID)
		}
		if diff := cmp.Diff(want, v.Departments); diff != "" {
			t.Errorf("departments (-want +got):\n%s", diff)
		}
	})
}

// The first server on an empty database makes an administrator, whom the token lets
// in; the others, and later starts, make none.
func TestFirstAdministrator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		keys, err := contact.NewKeys()
		if err != nil {
			t.Fatal(err)
		}
		s := quality.New(quality.Config{Database: d, Events: events.New(events.Config{Database: d}), Checklists: newPlugins(),
			Contacts: keys, Now: func() time.Time { return morning }})
		// A token that cannot be stored leaves no administrator behind whom nobody has
		// the token of: the next start begins anew.
		full := errors.New("the disk is full")
		failing := true
		d.AccessToken.Use(func(next db.Mutator) db.Mutator {
			return hook.AccessTokenFunc(func(ctx context.Context, m *db.AccessTokenMutation) (db.Value, error) {
				if failing {
					return nil, full
				}
				return next.Mutate(ctx, m)
			})
		})
		if secret, err := s.FirstAdministrator(t.Context()); !errors.Is(err, full) || secret != "" {
			t.Errorf("with a full disk: %q, %v", secret, err)
		}
		failing = false
		for start := range 2 {
			secrets, errs := atOnce(4, func(int) (string, error) { return s.FirstAdministrator(t.Context()) })
			made := 0
			for n, secret := range secrets {
				if errs[n] != nil {
					t.Errorf("server %d: %v", n, errs[n])
				}
				if secret == "" {
					continue
				}
				made++
				if v, _, err := s.Authenticate(t.Context(), secret); err != nil || v.Role != staff.RoleADMINISTRATOR {
					t.Errorf("the token lets in %+v, %v", v, err)
				}
			}
			if want := 1 - start; made != want {
				t.Errorf("start %d made %d administrators, want %d", start, made, want)
			}
		}
		kinds, err := d.Event.Query().Order(event.ByID()).Select(event.FieldKind).Strings(ent.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{quality.EventSiteCreated, quality.EventDepartmentCreated, quality.EventStaffCreated}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}
