package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/accesstoken"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// tokenCommand looks after access tokens.
type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Make a token and print it; it is shown only once."`
	List   tokenList   `cmd:"" help:"List the tokens, without their secrets."`
	Revoke tokenRevoke `cmd:"" help:"Make a token useless at once."`
}

type tokenCreate struct {
	Name    string        `default:"command line" help:"What it is for."`
	Staff   string        `placeholder:"CODE" help:"Employee number of the staff member whose token it is; without, it is an integrator's."`
	Site    string        `placeholder:"CODE" help:"The only site that an integrator's token reaches."`
	Scope   []string      `placeholder:"SCOPE" help:"What it is good for, such as cases:read; repeat or separate by commas. Required for an integrator."`
	Expires time.Duration `placeholder:"DURATION" help:"How long it is valid, such as 720h; for ever unless said."`
}

// Run makes a token and prints it alone, so that a script can take it.
func (t *tokenCreate) Run(s *session) error {
	return s.withCore(func(c *core) error {
		in := quality.IssueToken{Name: t.Name, Scopes: t.Scope}
		ctx := ent.AsSystem(s.ctx)
		if t.Staff != "" {
			person, err := c.db.Staff.Query().Where(staff.Code(t.Staff)).Only(ctx)
			if db.IsNotFound(err) {
				return fmt.Errorf("there is no staff member with the employee number %q", t.Staff)
			}
			if err != nil {
				return err
			}
			in.Staff = &person.ID
		}
		if t.Site != "" {
			at, err := c.db.Site.Query().Where(site.Code(t.Site)).Only(ctx)
			if db.IsNotFound(err) {
				return fmt.Errorf("there is no site with the code %q", t.Site)
			}
			if err != nil {
				return err
			}
			in.Site = &at.ID
		}
		if t.Expires > 0 {
			at := c.now().Add(t.Expires)
			in.Expires = &at
		}
		secret, _, err := c.quality.IssueToken(s.ctx, in)
		if err == nil {
			fmt.Fprintln(s.stdout, secret)
		}
		return err
	})
}

type tokenList struct{}

// Run lists the tokens.
func (tokenList) Run(s *session) error {
	return s.withCore(func(c *core) error {
		tokens, err := c.db.AccessToken.Query().WithStaff().WithSite().Order(db.Asc(accesstoken.FieldID)).All(ent.AsSystem(s.ctx))
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tFOR\tSTAFF\tSITE\tSCOPES\tSTATE")
		for _, t := range tokens {
			person, at := "-", "-"
			if t.Edges.Staff != nil {
				person = t.Edges.Staff.Code
			}
			if t.Edges.Site != nil {
				at = t.Edges.Site.Code
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, person, at, strings.Join(t.Scopes, ","), tokenState(t, c.now()))
		}
		return w.Flush()
	})
}

func tokenState(t *db.AccessToken, now time.Time) string {
	switch {
	case t.RevokedAt != nil:
		return "revoked"
	case t.ExpiresAt == nil:
		return "valid"
	case t.ExpiresAt.After(now):
		return "valid until " + t.ExpiresAt.UTC().Format(time.RFC3339)
	default:
		return "expired"
	}
}

type tokenRevoke struct {
	ID string `arg:"" help:"Id of the token, as token list shows it."`
}

// Run revokes a token.
func (t *tokenRevoke) Run(s *session) error {
	id, ok := typeid.Parse[typeid.TokenID](t.ID)
	if !ok {
		return fmt.Errorf("%q is not the id of a token: token list shows them", t.ID)
	}
	return s.withCore(func(c *core) error {
		return c.quality.RevokeToken(s.ctx, id)
	})
}
