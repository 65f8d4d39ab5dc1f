package quality

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// RecordTraining is a training that was held on a teaching case.
type RecordTraining struct {
	IdempotencyKey *string
	TeachingCaseID typeid.TeachingCaseID
	DepartmentID   typeid.DepartmentID
	HeldOn         string
	TrainerID      typeid.StaffID
	ParticipantIDs []typeid.StaffID
	Note           *string
}

// maxParticipants bounds the people of one training.
const maxParticipants = 200

// RecordTraining records who was trained on a teaching case, when and by whom
// (R-CASE-16): the department that held it, or who looks after training.
func (s *Service) RecordTraining(ctx context.Context, in RecordTraining) (*Change[*db.Training], error) {
	return run(ctx, s, useCase[*db.Training]{
		area: ent.Cases, name: "trainingRecord", key: in.IdempotencyKey, in: in,
		read: func(ctx context.Context, ids []string) (*db.Training, error) {
			id, _ := typeid.Parse[typeid.TrainingID](ids[0])
			return s.db.Training.Get(ctx, id)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Training], error) {
			var none effect[*db.Training]
			t, err := tx.TeachingCase.Get(ctx, in.TeachingCaseID)
			if err := seen(t, err)("teachingCaseId"); err != nil {
				return none, err
			}
			d, err := tx.Department.Get(ctx, in.DepartmentID)
			if err := seen(d, err)("departmentId"); err != nil {
				return none, err
			}
			if err := mayTrain(ent.ViewerFrom(ctx), d.ID); err != nil {
				return none, err
			}
			now := s.now()
			if err := in.check(ctx, tx, t, d, now); err != nil {
				return none, err
			}
			made, err := tx.Training.Create().SetTeachingCaseID(t.ID).SetSiteID(t.SiteID).SetDepartmentID(d.ID).SetHeldOn(in.HeldOn).
				SetTrainerID(in.TrainerID).SetNillableNote(in.Note).SetRecordedByID(ent.ViewerFrom(ctx).Staff).SetRecordedAt(now).
				AddParticipantIDs(in.ParticipantIDs...).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("recording a training: %w", err)
			}
			if t, err = tx.TeachingCase.UpdateOneID(t.ID).SetTrained(true).SetUpdatedAt(now).AddRevision(1).Save(ctx); err != nil {
				return none, fmt.Errorf("noting that a teaching case was trained: %w", err)
			}
			held := events.Event{Kind: EventTrainingRecorded, Subject: made.ID.String(), At: now, Site: made.SiteID, Department: made.DepartmentID, Owner: made.TrainerID, Origin: made.RecordedByID}
			return effect[*db.Training]{object: made.Unwrap(), ids: []string{made.ID.String()},
				events: []events.Event{held, teachingCaseEvent(EventTeachingCaseTrained, t, now, "trained", "trainings", "revision")}}, nil
		},
	})
}

// mayTrain allows to record a department's training to who answers for it, and to those
// who look after training everywhere.
func mayTrain(v ent.Viewer, d typeid.DepartmentID) error {
	everywhere := []staff.Role{staff.RoleSITE_MANAGER, staff.RoleQUALITY_OFFICER, staff.RoleHUMAN_RESOURCES, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, ent.Integrator}
	if slices.Contains(v.Departments, d) || slices.Contains(everywhere, v.Role) {
		return nil
	}
	return forbidden(text("Only who answers for the department may do this.", "只有该部门负责人可以执行此操作。"))
}

// check says what is wrong with the record, and takes each participant once.
func (in *RecordTraining) check(ctx context.Context, tx *db.Tx, t *db.TeachingCase, d *db.Department, now time.Time) error {
	var bad check
	bad.optional(&in.Note, maxProse, "note")
	day, err := time.Parse(time.DateOnly, in.HeldOn)
	if err != nil || day.Before(earliest) || day.After(now.AddDate(0, 0, 1)) {
		bad.add(Invalid, "This must be a day, not in the future.", "必须是有效日期，且不能晚于今天。", "heldOn")
	}
	if d.SiteID != t.SiteID {
		bad.add(Invalid, "The department belongs to another site than the case.", "该部门与个案不属于同一营业点。", "departmentId")
	}
	bad.elements(len(in.ParticipantIDs), maxParticipants, "participantIds")
	if bad.err() != nil {
		return bad.err()
	}
	if _, err := employed(ctx, tx, in.TrainerID, "trainerId"); err != nil {
		return err
	}
	known, err := tx.Staff.Query().Where(staff.IDIn(in.ParticipantIDs...), staff.SiteID(t.SiteID)).IDs(ctx)
	if err != nil {
		return fmt.Errorf("looking up the participants of a training: %w", err)
	}
	for n, id := range in.ParticipantIDs {
		if !slices.Contains(known, id) {
			bad.add(NotFound, "There is no such record.", "没有这条记录。", "participantIds", strconv.Itoa(n))
		}
	}
	in.ParticipantIDs = slices.Clone(in.ParticipantIDs)
	slices.SortFunc(in.ParticipantIDs, func(a, b typeid.StaffID) int { return slices.Compare(a[:], b[:]) })
	in.ParticipantIDs = slices.Compact(in.ParticipantIDs)
	return bad.err()
}
