package quality

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/rotation"
	"github.com/seed-34fcb60d/rounds/ent/db/rotationplace"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

func (s *Service) readVisit(ctx context.Context, ids []string) (*db.Visit, error) {
	id, _ := typeid.Parse[typeid.VisitID](ids[0])
	return s.db.Visit.Get(ctx, id)
}

// visitEvent is an event of a visit. It is visible to who serves the visitor, to who
// registered it, and to those above them.
func visitEvent(kind string, v *db.Visit, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: v.ID.String(), Changed: changed, At: now,
		Site: v.SiteID, Department: v.DepartmentID, Owner: v.AssignedID, Origin: v.ReceivedByID}
}

// dayAt is the day of a moment on a site's calendar, such as "2026-10-01".
func dayAt(site *db.Site, moment time.Time) (string, error) {
	zone, err := time.LoadLocation(site.TimeZone)
	if err != nil {
		return "", fmt.Errorf("reading a site's time zone: %w", err)
	}
	return moment.In(zone).Format(time.DateOnly), nil
}

// groupOnDuty returns the group of a department that takes new visitors at a moment,
// and its people in a fixed order: the group that was named, else the one that came
// on duty last. People is empty where nobody serves.
func groupOnDuty(ctx context.Context, tx *db.Tx, d typeid.DepartmentID, at time.Time, named *string) (group string, people []typeid.StaffID, err error) {
	shifts, err := onDuty(ent.AsSystem(ctx), tx.Shift, at, d)
	if err != nil || len(shifts) == 0 {
		return "", nil, err
	}
	group = shifts[0].Group
	if named != nil {
		group = *named
	}
	for _, served := range shifts {
		if served.Group == group {
			people = append(people, served.StaffID)
		}
	}
	slices.SortFunc(people, func(a, b typeid.StaffID) int { return cmp.Compare(a.String(), b.String()) })
	return group, slices.Compact(people), nil
}

// lockRotation returns a rotation whose row nobody else has until the transaction
// ends, with its draws counted up by as many as are about to be made.
func lockRotation(ctx context.Context, tx *db.Tx, d typeid.DepartmentID, day, group string, draws int) (*db.Rotation, error) {
	ctx = ent.AsSystem(ctx)
	this := rotation.And(rotation.DepartmentID(d), rotation.Day(day), rotation.Group(group))
	known, err := tx.Rotation.Update().Where(this).AddDraws(draws).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("locking a rotation: %w", err)
	}
	if known == 0 {
		// Of two who make it at once, the second is told of a constraint and tries again.
		return tx.Rotation.Create().SetDepartmentID(d).SetDay(day).SetGroup(group).SetDraws(draws).Save(ctx)
	}
	r, err := tx.Rotation.Query().Where(this).Only(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading a rotation: %w", err)
	}
	return r, nil
}

// nextInRotation gives a visitor to the next of the people on duty.
func nextInRotation(ctx context.Context, tx *db.Tx, r *db.Rotation, people []typeid.StaffID) (typeid.StaffID, error) {
	ctx = ent.AsSystem(ctx)
	var none typeid.StaffID
	rows, err := tx.RotationPlace.Query().Where(rotationplace.RotationID(r.ID)).All(ctx)
	if err != nil {
		return none, fmt.Errorf("reading the places of a rotation: %w", err)
	}
	places := make([]rules.Place, len(rows))
	for n, row := range rows {
		places[n] = rules.Place{Staff: row.StaffID, Turns: row.Turns, Level: row.Level, Extra: row.Extra, Seen: row.Seen, Last: row.Last}
	}
	drawn, next := rules.Draw(r.Draws, places, people)
	for n, p := range drawn {
		switch {
		case n >= len(rows):
			err = tx.RotationPlace.Create().SetRotationID(r.ID).SetStaffID(p.Staff).
				SetTurns(p.Turns).SetLevel(p.Level).SetExtra(p.Extra).SetSeen(p.Seen).SetLast(p.Last).Exec(ctx)
		case n == next || p.Level != places[n].Level:
			err = tx.RotationPlace.UpdateOneID(rows[n].ID).SetTurns(p.Turns).SetLevel(p.Level).SetSeen(p.Seen).SetLast(p.Last).Exec(ctx)
		}
		if err != nil {
			return none, fmt.Errorf("writing a place of a rotation: %w", err)
		}
	}
	err = tx.RotationPlace.Update().Where(rotationplace.RotationID(r.ID), rotationplace.StaffIDIn(people...)).SetSeen(r.Draws).Exec(ctx)
	if err != nil {
		return none, fmt.Errorf("writing the places of a rotation: %w", err)
	}
	return drawn[next].Staff, nil
}
