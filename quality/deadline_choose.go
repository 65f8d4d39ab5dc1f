package quality

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicy"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicyversion"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// casePolicy is what holds for a case.
type casePolicy struct {
	rules.DeadlinePolicy
	id      typeid.DeadlinePolicyID // zero where the server's own lengths hold
	version int
}

// choosePolicy gives a new case the policy that holds for it: the first that covers it,
// as it is now. Without one it goes by the server's own lengths.
func (s *Service) choosePolicy(ctx context.Context, tx *db.Tx, c *db.ServiceCase) error {
	versions, err := tx.DeadlinePolicyVersion.Query().
		Where(deadlinepolicyversion.Current(true), deadlinepolicyversion.HasPolicyWith(deadlinepolicy.RetiredAtIsNil(),
			deadlinepolicy.Or(deadlinepolicy.SiteIDIsNil(), deadlinepolicy.SiteID(c.SiteID)))).
		WithPolicy().All(ent.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("reading the deadline policies: %w", err)
	}
	if len(versions) == 0 {
		return nil
	}
	slices.SortFunc(versions, func(a, b *db.DeadlinePolicyVersion) int {
		p, q := a.Edges.Policy, b.Edges.Policy
		return cmp.Or(cmp.Compare(p.Position, q.Position), bytes.Compare(p.ID[:], q.ID[:]))
	})
	facts, err := deadlineFacts(ctx, tx, c)
	if err != nil {
		return err
	}
	for _, v := range versions {
		p, err := DeadlinePolicyOf(v)
		if err != nil {
			return err
		}
		if p.Match.Covers(facts) {
			c.DeadlinePolicyVersionID = v.ID
			if err := tx.ServiceCase.UpdateOneID(c.ID).SetDeadlinePolicyVersionID(v.ID).Exec(ctx); err != nil {
				return fmt.Errorf("giving a case its deadline policy: %w", err)
			}
			return nil
		}
	}
	return nil
}

// deadlineFacts are what policies look at.
func deadlineFacts(ctx context.Context, tx *db.Tx, c *db.ServiceCase) (rules.DeadlineFacts, error) {
	facts := rules.DeadlineFacts{Kind: c.Kind, Severity: c.Severity, Channel: c.Channel}
	if !c.CustomerID.IsZero() {
		who, err := tx.Customer.Get(ent.AsSystem(ctx), c.CustomerID)
		if err != nil {
			return facts, fmt.Errorf("reading the customer of a case: %w", err)
		}
		if who.Class != nil {
			facts.CustomerClass = *who.Class
		}
	}
	if c.TopicID.IsZero() {
		return facts, nil
	}
	t, err := tx.Topic.Get(ent.AsSystem(ctx), c.TopicID)
	if err != nil {
		return facts, fmt.Errorf("reading the topic of a case: %w", err)
	}
	_, path, _ := strings.Cut(strings.TrimSuffix(t.Path, "/"), "/") // without the site
	for more := true; more; {
		facts.Topics = append(facts.Topics, path)
		at := strings.LastIndexByte(path, '/')
		if more = at >= 0; more {
			path = path[:at]
		}
	}
	return facts, nil
}

// policyOf returns the policy that a case began with.
func (s *Service) policyOf(ctx context.Context, tx *db.Tx, c *db.ServiceCase) (casePolicy, error) {
	if c.DeadlinePolicyVersionID.IsZero() {
		return casePolicy{DeadlinePolicy: s.deadlines.DefaultPolicy(c.Severity)}, nil
	}
	v, err := tx.DeadlinePolicyVersion.Get(ent.AsSystem(ctx), c.DeadlinePolicyVersionID)
	if err != nil {
		return casePolicy{}, fmt.Errorf("reading the deadline policy of a case: %w", err)
	}
	p, err := DeadlinePolicyOf(v)
	return casePolicy{p, v.PolicyID, v.Number}, err
}
