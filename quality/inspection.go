package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/answer"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/coinspector"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// Limits of an inspection.
const (
	maxCode     = 80    // characters of a checklist's code
	maxPlace    = 200   // characters
	maxNote     = 5_000 // characters
	maxAnswers  = 500   // in one go
	maxEvidence = 20    // files of one answer
	maxFileName = 500   // characters of a reference
	maxReason   = 500   // characters
	maxClientID = 100   // characters
	maxSettled  = 20    // answers that one decides between
	maxCompany  = 20    // co-inspectors
	maxFinding  = 1_000 // characters of a finding's text, in each language
)

func (s *Service) readInspection(ctx context.Context, ids []string) (*db.Inspection, error) {
	id, _ := typeid.Parse[typeid.InspectionID](ids[0])
	return s.db.Inspection.Get(ctx, id)
}

// inspectionEvent is an event of an inspection. It is visible to the inspector, to
// who was observed, and to those above them.
func inspectionEvent(kind string, i *db.Inspection, now time.Time, changed ...string) events.Event {
	return events.Event{Kind: kind, Subject: i.ID.String(), Changed: changed, At: now,
		Site: i.SiteID, Department: i.DepartmentID, Owner: i.InspectorID, Origin: i.ObservedID}
}

// fillable loads an inspection that the viewer may fill in: the viewer's own, alone or
// with others, or that of somebody the viewer manages.
func fillable(ctx context.Context, client *db.Client, id typeid.InspectionID) (*db.Inspection, error) {
	i, err := client.Inspection.Get(ctx, id)
	if err := seen(i, err)("id"); err != nil {
		return nil, err
	}
	v := ent.ViewerFrom(ctx)
	may := i.InspectorID == v.Staff || slices.Contains(managing, v.Role) || v.Role == ent.Integrator
	if !may && i.Shared {
		may, err = client.CoInspector.Query().Where(coinspector.InspectionID(id), coinspector.StaffID(v.Staff)).Exist(ent.AsSystem(ctx))
		if err != nil {
			return nil, fmt.Errorf("looking for a co-inspector: %w", err)
		}
	}
	if !may {
		return nil, forbidden(text("Only the inspectors, or a manager, may do this.", "只有检查人员或管理人员可以执行此操作。"))
	}
	return i, nil
}

// draft loads an inspection that the viewer may fill in, at the expected revision and
// not judged yet.
func draft(ctx context.Context, client *db.Client, id typeid.InspectionID, revision int) (*db.Inspection, error) {
	i, err := fillable(ctx, client, id)
	if err != nil {
		return nil, err
	}
	if i.Status != inspection.StatusDRAFT {
		return nil, reject(Rejected, text("The inspection is completed: nothing of it can be changed any more.",
			"检查已完成，不能再修改。"), "id")
	}
	if i.Revision != revision {
		return nil, conflict()
	}
	return i, nil
}

// CountingAnswers narrows answers to those that count. The condition is written out, for
// the databases have an index of just these; so it is in [OtherAnswers].
func CountingAnswers(s *sql.Selector) { s.Where(sql.ExprP(s.C(answer.FieldState) + " = 'CURRENT'")) }

// OtherAnswers narrows answers to those that do not count.
func OtherAnswers(s *sql.Selector) { s.Where(sql.ExprP(s.C(answer.FieldState) + " <> 'CURRENT'")) }

// answerOf is an answer as the rules look at it.
func answerOf(a *db.Answer) rules.Answer {
	return rules.Answer{Item: a.Item, NotApplicable: a.NotApplicable, Yes: a.Yes, Choice: a.Choice, Choices: a.Choices,
		Number: a.Number, Seconds: a.Seconds, Text: a.Text, Evidence: a.Evidence}
}

// definitionOf returns the checklist that an inspection was started with.
func definitionOf(ctx context.Context, versions *db.ChecklistVersionClient, i *db.Inspection) (checklist.Definition, *db.ChecklistVersion, error) {
	var d checklist.Definition
	v, err := versions.Query().WithPlugin().
		Where(checklistversion.ID(i.ChecklistVersionID)).Only(ent.AsSystem(ctx))
	if err == nil {
		err = json.Unmarshal(v.Definition, &d)
	}
	if err != nil {
		return d, nil, fmt.Errorf("reading an inspection's checklist: %w", err)
	}
	return d, v, nil
}
