package main

import (
	"context"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/quality"
)

// complaintAge is how long before the end of the history the complaint arrives that
// goes through everything that can happen to one.
const complaintAge = 12 * 24 * time.Hour

// planComplaint plans a complaint that is refused by the first department, takes too
// long in the second, is settled, is not solved after all, and ends in the archive.
func (h *history) planComplaint() *casework {
	w := &casework{history: h, department: h.company.of(hotel, "engineering"), named: true, words: noWords}
	w.handler = w.department.crew[0]
	arrives := h.end.Add(-complaintAge).Truncate(24 * time.Hour).Add(time.Hour) // nine o'clock in China
	h.at(arrives, func(context.Context) error { return w.takeCall() })
	for _, s := range []struct {
		after time.Duration
		step  func() (*quality.Change[*db.ServiceCase], error)
	}{
		{5 * time.Minute, w.acknowledge},
		{10 * time.Minute, func() (*quality.Change[*db.ServiceCase], error) { return w.offer("housekeeping") }},
		{25 * time.Minute, w.refuse},
		{30 * time.Minute, func() (*quality.Change[*db.ServiceCase], error) { return w.offer("engineering") }},
		{50 * time.Minute, func() (*quality.Change[*db.ServiceCase], error) {
			return w.core.quality.AcceptCase(w.handler.viewer, quality.AcceptCase{ID: w.row.ID, ExpectedRevision: w.row.Revision})
		}},
		{70 * time.Hour, w.explain}, // long after the deadline
		{71 * time.Hour, w.tellAndResolve},
		{94 * time.Hour, func() (*quality.Change[*db.ServiceCase], error) {
			return w.ring(casefollowup.OutcomeNOT_SOLVED, "This morning it was cold again. 今早又没有热水。")
		}},
		{97 * time.Hour, w.tellAndResolve},
		{121 * time.Hour, func() (*quality.Change[*db.ServiceCase], error) {
			return w.ring(casefollowup.OutcomeAGREED, "Warm at last, thank you. 终于有热水了，谢谢。")
		}},
		{122 * time.Hour, func() (*quality.Change[*db.ServiceCase], error) {
			return w.core.quality.CloseCase(w.receiver.viewer, quality.CloseCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
				Closure: servicecase.ClosureCUSTOMER_AGREED, Reason: "Warm at last, thank you. 终于有热水了，谢谢。"})
		}},
		{146 * time.Hour, func() (*quality.Change[*db.ServiceCase], error) {
			return w.core.quality.ArchiveCase(w.handler.decider().viewer, quality.ArchiveCase{ID: w.row.ID, ExpectedRevision: w.row.Revision})
		}},
	} {
		w.plan(arrives.Add(s.after), func(context.Context) error {
			_, err := s.step() // of which somebody who gives the case back sees nothing
			return err
		})
	}
	return w
}

// takeCall registers what the guest says on the telephone.
func (w *casework) takeCall() error {
	guest := w.customers[hotel][0]
	w.receiver = guest.owner
	c, err := w.core.quality.OpenCase(w.receiver.viewer, quality.OpenCase{
		Kind: servicecase.KindCOMPLAINT, Channel: servicecase.ChannelTELEPHONE, Severity: servicecase.SeverityMAJOR, CustomerID: &guest.id,
		Subject: "No hot water in 1208 since last night 1208房昨晚起无热水", DesiredRemedy: given("Another room 换房"), Product: given("Room 1208"),
	})
	return w.moved(c, err, nil, 0, 0)
}

func (w *casework) acknowledge() (*quality.Change[*db.ServiceCase], error) {
	return w.core.quality.AcknowledgeCase(w.receiver.viewer, quality.AcknowledgeCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		Kind: caseentry.KindCALL, Text: given("We are sorry. Somebody looks after the water at once. 非常抱歉，马上派人查看。")})
}

// offer dispatches the case to a department of the hotel.
func (w *casework) offer(department string) (*quality.Change[*db.ServiceCase], error) {
	in := quality.DispatchCase{ID: w.row.ID, ExpectedRevision: w.row.Revision, DepartmentID: w.company.of(hotel, department).ID}
	if in.DepartmentID == w.department.ID {
		in.AssigneeID = &w.handler.ID
	}
	return w.core.quality.DispatchCase(w.receiver.viewer, in)
}

func (w *casework) refuse() (*quality.Change[*db.ServiceCase], error) {
	return w.core.quality.RefuseCase(w.company.of(hotel, "housekeeping").head.viewer, quality.RefuseCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		Reason: "The boiler is engineering's. 锅炉属工程部负责。"})
}

// explain investigates, and offers what the handler's manager then approves.
func (w *casework) explain() (*quality.Change[*db.ServiceCase], error) {
	c, err := w.core.quality.InvestigateCase(w.handler.viewer, quality.InvestigateCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		Substantiated: true, DepartmentID: &w.department.ID, Loss: &quality.Money{Amount: 18000, Currency: "CNY"},
		Findings: "The valve of riser 12 was worn; the monthly check had been left out. 12号立管阀门磨损，当月检查漏做。"})
	if err != nil {
		return nil, err
	}
	offered, err := w.core.quality.CompensateCase(w.handler.viewer, quality.CompensateCase{CaseID: w.row.ID, Kind: casecompensation.KindVOUCHER,
		Amount: quality.Money{Amount: 30000, Currency: "CNY"}, Reason: "A night without hot water. 一夜无热水。"})
	if err != nil {
		return nil, err
	}
	_, err = w.core.quality.ApproveCompensation(w.handler.decider().viewer, quality.ApproveCompensation{ID: offered.Object.ID, ExpectedRevision: offered.Object.Revision})
	return c, err
}

// tellAndResolve tells the guest what was done.
func (w *casework) tellAndResolve() (*quality.Change[*db.ServiceCase], error) {
	const done = "The valve and the pump of riser 12 are new. 12号立管的阀门和水泵均已更换。"
	c, err := w.core.quality.ReplyCase(w.handler.viewer, quality.ReplyCase{ID: w.row.ID, ExpectedRevision: w.row.Revision, Kind: caseentry.KindCALL, Text: done})
	if err != nil {
		return nil, err
	}
	return w.core.quality.ResolveCase(w.handler.viewer, quality.ResolveCase{ID: w.row.ID, ExpectedRevision: c.Object.Revision, Resolution: done})
}

// ring is a follow-up by telephone.
func (w *casework) ring(outcome casefollowup.Outcome, word string) (*quality.Change[*db.ServiceCase], error) {
	return w.core.quality.FollowUpCase(w.receiver.viewer, quality.FollowUpCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
		Channel: casefollowup.ChannelTELEPHONE, Outcome: outcome, Word: &word})
}

// complaintReport is what became of the complaint that goes through everything.
type complaintReport struct {
	Case       string `json:"case"`   // id
	Number     string `json:"number"` // of the case
	Refused    int    `json:"refused"`
	Escalated  int    `json:"escalated"` // how often somebody above was told
	Reopened   int    `json:"reopened"`
	ArchivedAt string `json:"archivedAt"`
}

// sayComplaint tells of the complaint as it stands in the records.
func (t *telling) sayComplaint(ctx context.Context, w *casework) error {
	ctx = ent.AsSystem(ctx)
	c, err := t.db.ServiceCase.Get(ctx, w.row.ID)
	if err != nil {
		return err
	}
	escalated, err := t.db.Escalation.Query().Where(escalation.CaseID(c.ID), escalation.KindEQ(escalation.KindESCALATION)).Count(ctx)
	if err != nil {
		return err
	}
	t.report.Complaint = complaintReport{c.ID.String(), c.Number, c.RefusedCount, escalated, c.ReopenedCount, c.ArchivedAt.Format(time.RFC3339)}
	t.say("A complaint with its whole course is %s: refused %d, escalated %d, reopened %d times; it is %s, and in the archive since %s.",
		"%s 是一件历程完整的投诉：退回 %d 次、升级 %d 次、重开 %d 次，状态 %s，%s 归档。",
		c.Number, c.RefusedCount, escalated, c.ReopenedCount, c.Status, c.ArchivedAt.Format(time.DateOnly))
	return nil
}
