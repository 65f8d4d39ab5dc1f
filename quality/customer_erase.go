package quality

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// EraseCustomer asks for a customer's personal data to be erased.
type EraseCustomer struct {
	IdempotencyKey   *string
	ID               typeid.CustomerID
	ExpectedRevision int
	Reason           customer.ErasedFor
	EvenIfOpen       bool // although a case is not closed yet
}

// EraseCustomer erases a customer's personal data (R-CUS-6), in the files that were
// merged into the customer's, too. Cases and figures remain, without the person and
// without what people wrote in them; the event log, which never held any of it, stays
// whole. When it returns, the database's files hold no trace, or [Service.Scrub] does
// the rest at the server's next start.
func (s *Service) EraseCustomer(ctx context.Context, in EraseCustomer) (*Change[*db.Customer], error) {
	change, err := run(ctx, s, useCase[*db.Customer]{
		area: ent.Customers, name: "customerErase", key: in.IdempotencyKey, in: in, read: s.readCustomer,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Customer], error) {
			var none effect[*db.Customer]
			c, err := s.checkErasure(ctx, tx, &in)
			if err != nil {
				return none, err
			}
			now := s.now()
			c, err = tx.Customer.UpdateOneID(c.ID).Where(customer.Revision(in.ExpectedRevision)).AddRevision(1).SetUpdatedAt(now).
				SetErasedAt(now).SetErasedFor(in.Reason).SetTraces(true).Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("erasing a customer: %w", err)
			}
			told, err := s.eraseFiles(ctx, tx, c, now)
			if err != nil {
				return none, err
			}
			c, err = tx.Customer.Get(ent.AsSystem(ctx), c.ID)
			if err != nil {
				return none, fmt.Errorf("reading an erased customer: %w", err)
			}
			return effect[*db.Customer]{object: c.Unwrap(), ids: []string{c.ID.String()}, events: told}, nil
		},
	})
	if err == nil {
		if _, err := s.SweepFiles(context.WithoutCancel(ctx)); err != nil { // the keys of the files went with the transaction
			s.log.Error().Err(err).Msg("files of an erased customer were left; the sweeper removes them")
		}
		if err := s.Scrub(context.WithoutCancel(ctx)); err != nil {
			s.log.Error().Err(err).Msg("traces of an erasure were left; the next start goes on")
		}
	}
	return change, err
}

// checkErasure loads the customer as the viewer sees them, and says what is in the
// way. Records at all sites are erased, so it is for those who answer for all.
func (s *Service) checkErasure(ctx context.Context, tx *db.Tx, in *EraseCustomer) (*db.Customer, error) {
	c, err := tx.Customer.Get(ctx, in.ID)
	if err := seen(c, err)("id"); err != nil {
		return nil, err
	}
	viewer := ent.ViewerFrom(ctx)
	if viewer.Role != staff.RoleADMINISTRATOR && (viewer.Role != ent.Integrator || !viewer.Site.IsZero()) {
		return nil, forbidden(text("Only an administrator erases personal data.", "只有系统管理员可以删除个人信息。"))
	}
	if in.EvenIfOpen && viewer.Role != staff.RoleADMINISTRATOR {
		return nil, forbidden(text("Only an administrator in person may erase while a case is open.", "只有系统管理员本人可以在个案未结案时删除。"))
	}
	if err := refuseMerged(c, "id"); err != nil {
		return nil, err
	}
	if c.Revision != in.ExpectedRevision {
		return nil, conflict()
	}
	open, err := tx.ServiceCase.Query().Where(servicecase.CustomerID(c.ID), servicecase.Open(true)).Count(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("counting a customer's open cases: %w", err)
	}
	if open > 0 && !in.EvenIfOpen {
		return nil, reject(Rejected, text(fmt.Sprintf("%d cases of the customer are not closed yet. Close them first.", open),
			fmt.Sprintf("该客户还有 %d 件个案未结案，请先结案。", open)), "id")
	}
	return c, nil
}

// eraseFiles erases what is kept of a customer, and returns the events that tell of it:
// those whose copies hold any of it are to erase it, too.
func (s *Service) eraseFiles(ctx context.Context, tx *db.Tx, c *db.Customer, now time.Time) ([]events.Event, error) {
	system := ent.AsSystem(ctx)
	files, err := tx.Customer.Query().Where(customer.Or(customer.ID(c.ID), customer.MergedIntoID(c.ID))).Order(customer.ByID()).All(system)
	if err != nil {
		return nil, fmt.Errorf("reading a customer's files: %w", err)
	}
	var told []events.Event
	ids := make([]typeid.CustomerID, len(files))
	for i, file := range files {
		ids[i] = file.ID
		told = append(told, customerEvent(EventCustomerErased, file, now))
	}
	if err := tx.Customer.Update().Where(customer.MergedIntoID(c.ID)).AddRevision(1).SetUpdatedAt(now).SetErasedAt(now).Exec(system); err != nil {
		return nil, fmt.Errorf("erasing merged files: %w", err)
	}
	if err := tx.ContactPoint.Update().Where(contactpoint.CustomerIDIn(ids...), contactpoint.RemovedAtIsNil()).SetRemovedAt(now).Exec(system); err != nil {
		return nil, fmt.Errorf("erasing contact points: %w", err)
	}
	if err := tx.ServiceCase.Update().Where(servicecase.CustomerIDIn(ids...)).AddRevision(1).SetUpdatedAt(now).Exec(system); err != nil {
		return nil, fmt.Errorf("erasing cases: %w", err)
	}
	touched, lines, err := s.erasedLines(system, tx, c.ID)
	if err != nil {
		return nil, err
	}
	cases, err := tx.ServiceCase.Query().Where(servicecase.Or(servicecase.CustomerIDIn(ids...), servicecase.IDIn(touched...))).Order(servicecase.ByID()).All(system)
	if err != nil {
		return nil, fmt.Errorf("reading a customer's cases: %w", err)
	}
	theirs, all := map[typeid.CaseID]bool{}, make([]typeid.CaseID, len(cases))
	for i, k := range cases {
		all[i], theirs[k.ID] = k.ID, slices.Contains(ids, k.CustomerID)
		told = append(told, caseEvent(EventCaseErased, k, now))
	}
	if err := eraseArchives(system, tx, all, theirs, lines); err != nil {
		return nil, err
	}
	attached, err := eraseAttachments(system, tx, cases, lines, now)
	if err != nil {
		return nil, err
	}
	return append(told, attached...), s.erase(ctx, tx, c.ID)
}

// erasedLines returns the lines of timelines that are a customer's, by their ids, and the
// cases that they are in: copies may be in those of others.
func (s *Service) erasedLines(ctx context.Context, tx *db.Tx, id typeid.CustomerID) (cases []typeid.CaseID, lines map[string]bool, err error) {
	found := personal{table: "case_entries", rows: copiedLines}.statement(s.db.IsPostgres())
	rows, err := tx.QueryContext(ctx, "SELECT id, case_id"+found[len("DELETE"):], id)
	if err != nil {
		return nil, nil, fmt.Errorf("looking for a customer's lines: %w", err)
	}
	defer func() { _ = rows.Close() }()
	in := map[typeid.CaseID]bool{}
	lines = map[string]bool{}
	for rows.Next() {
		var line typeid.CaseEntryID
		var of typeid.CaseID
		if err := rows.Scan(&line, &of); err != nil {
			return nil, nil, fmt.Errorf("reading a customer's lines: %w", err)
		}
		lines[line.String()] = true
		in[of] = true
	}
	return slices.Collect(maps.Keys(in)), lines, rows.Err()
}

// Scrub removes what erased customers left in the files of the database. A server
// does it when it starts, for erasures that were cut short.
func (s *Service) Scrub(ctx context.Context) error {
	ctx = ent.AsSystem(ctx)
	erased, err := s.db.Customer.Query().Where(customer.Traces(true)).IDs(ctx)
	if err != nil || len(erased) == 0 {
		return err
	}
	if err := s.db.Scrub(ctx); err != nil {
		return err
	}
	return ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		return tx.Customer.Update().Where(customer.IDIn(erased...)).SetTraces(false).Exec(ctx)
	})
}
