package quality

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/attachment"
	"github.com/seed-34fcb60d/rounds/ent/db/casecommendation"
	"github.com/seed-34fcb60d/rounds/ent/db/casecompensation"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/caseinvestigation"
	"github.com/seed-34fcb60d/rounds/ent/db/caselink"
	"github.com/seed-34fcb60d/rounds/ent/db/casemeasure"
	"github.com/seed-34fcb60d/rounds/ent/db/casetask"
	"github.com/seed-34fcb60d/rounds/ent/db/cause"
	"github.com/seed-34fcb60d/rounds/ent/db/clocksegment"
	"github.com/seed-34fcb60d/rounds/ent/db/contactpoint"
	"github.com/seed-34fcb60d/rounds/ent/db/deadline"
	"github.com/seed-34fcb60d/rounds/ent/db/department"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/handover"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/db/topic"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// An archive begins with a line of this kind, in this format.
const (
	archiveHead   = "archive"
	archiveFormat = "rounds.case-archive/1"
)

// Kinds of lines that tell who and what the ids of the others are. The names change
// with the records.
const (
	archiveCustomer = "customer"
	archiveContact  = "contact"
	archiveName     = "name"
	archiveEvent    = "event"
)

// archiveLines are the whole file of a case, record by record, but for the events of
// the log: first the case itself and its customer, whose contact data is told as far as
// masked shows it, nil leaving it out; then what belongs to the case, each kind in its
// own order; then the names of who and what is mentioned.
func archiveLines(ctx context.Context, client *db.Client, c *db.ServiceCase, masked func(*db.ContactPoint) (*string, error)) ([]archive.Line, error) {
	f := &archiveFile{client: client, lines: []archive.Line{recordOf("case", c)}}
	f.customer(ctx, c.CustomerID, masked)
	ofCase(ctx, f, "entry", client.CaseEntry.Query().Where(caseentry.CaseID(c.ID)).Order(caseentry.ByAt(), caseentry.ByID()).All)
	f.attachments(ctx, c.ID)
	ofCase(ctx, f, "handOver", client.HandOver.Query().Where(handover.CaseID(c.ID)).Order(handover.ByOfferedAt(), handover.ByID()).All)
	ofCase(ctx, f, "task", client.CaseTask.Query().Where(casetask.CaseID(c.ID)).Order(casetask.ByAddedAt(), casetask.ByID()).All)
	ofCase(ctx, f, "investigation", client.CaseInvestigation.Query().Where(caseinvestigation.CaseID(c.ID)).Order(caseinvestigation.ByVersion()).All)
	ofCase(ctx, f, "measure", client.CaseMeasure.Query().Where(casemeasure.CaseID(c.ID)).Order(casemeasure.ByPlannedAt(), casemeasure.ByID()).All)
	ofCase(ctx, f, "commendation", client.CaseCommendation.Query().Where(casecommendation.CaseID(c.ID)).Order(casecommendation.ByNamedAt(), casecommendation.ByID()).All)
	ofCase(ctx, f, "compensation", client.CaseCompensation.Query().Where(casecompensation.CaseID(c.ID)).Order(casecompensation.ByAskedAt(), casecompensation.ByID()).All)
	ofCase(ctx, f, "followUp", client.CaseFollowUp.Query().Where(casefollowup.CaseID(c.ID)).Order(casefollowup.ByAt(), casefollowup.ByID()).All)
	ofCase(ctx, f, "link", client.CaseLink.Query().Where(caselink.CaseID(c.ID)).Order(caselink.ByAt(), caselink.ByID()).All)
	ofCase(ctx, f, "deadline", client.Deadline.Query().Where(deadline.CaseID(c.ID)).Order(deadline.ByStartedAt(), deadline.ByID()).All)
	ofCase(ctx, f, "clockSegment", client.ClockSegment.Query().Where(clocksegment.HasDeadlineWith(deadline.CaseID(c.ID))).Order(clocksegment.ByFromAt(), clocksegment.ByID()).All)
	ofCase(ctx, f, "escalation", client.Escalation.Query().Where(escalation.CaseID(c.ID)).Order(escalation.ByFiredAt(), escalation.ByID()).All)
	f.names(ctx)
	return f.lines, f.err
}

// archiveFile is an archive in the making. After an error nothing more is read.
type archiveFile struct {
	client *db.Client
	lines  []archive.Line
	err    error
}

// ofCase adds the rows of a kind.
func ofCase[T any](ctx context.Context, f *archiveFile, kind string, all func(context.Context) ([]*T, error)) {
	if f.err != nil {
		return
	}
	rows, err := all(ctx)
	if err != nil {
		f.err = fmt.Errorf("reading the %s lines of an archive: %w", kind, err)
	}
	for _, row := range rows {
		f.lines = append(f.lines, recordOf(kind, row))
	}
}

// attachments adds what is attached to the timeline: the files themselves stay where
// they are, each known by the digest of its content.
func (f *archiveFile) attachments(ctx context.Context, id typeid.CaseID) {
	if f.err != nil {
		return
	}
	rows, err := f.client.Attachment.Query().Where(attachment.CaseID(id)).
		Order(attachment.ByAddedAt(), attachment.ByEntryID(), attachment.ByPosition()).All(ctx)
	if err != nil {
		f.err = fmt.Errorf("reading the attachments of an archive: %w", err)
	}
	for _, a := range rows {
		l := recordOf("attachment", a)
		if a.Name != nil { // which recordOf, like all that prints rows, does not tell
			l.Texts["name"] = archive.Plain(*a.Name)
		}
		f.lines = append(f.lines, l)
	}
}

// customer adds who the customer is. All of it can be taken out, ids included.
func (f *archiveFile) customer(ctx context.Context, id typeid.CustomerID, masked func(*db.ContactPoint) (*string, error)) {
	if id.IsZero() || masked == nil {
		return
	}
	c, err := f.client.Customer.Get(ctx, id)
	if err != nil {
		f.err = fmt.Errorf("reading the customer of an archive: %w", err)
		return
	}
	f.lines = append(f.lines, archive.Line{Kind: archiveCustomer, Fields: map[string]any{"kind": string(c.Kind)},
		Texts: map[string]archive.Text{"id": archive.Plain(id.String()), "name": archive.Plain(c.Name)}})
	points, err := f.client.ContactPoint.Query().Where(contactpoint.CustomerID(id), contactpoint.RemovedAtIsNil()).
		Order(contactpoint.ByAddedAt(), contactpoint.ByID()).All(ctx)
	if err != nil {
		f.err = fmt.Errorf("reading the contact points of an archive: %w", err)
		return
	}
	for _, p := range points {
		value, err := masked(p)
		if err != nil {
			f.err = fmt.Errorf("masking a contact point: %w", err)
			return
		}
		l := archive.Line{Kind: archiveContact, Fields: map[string]any{"kind": string(p.Kind)}, Texts: map[string]archive.Text{"id": archive.Plain(p.ID.String())}}
		if value != nil {
			l.Texts["masked"] = archive.Plain(*value)
		}
		f.lines = append(f.lines, l)
	}
}

// names adds the names of the people, departments, topics and causes that the lines so
// far mention.
func (f *archiveFile) names(ctx context.Context) {
	var people []typeid.StaffID
	var departments []typeid.DepartmentID
	var topics []typeid.TopicID
	var causes []typeid.CauseID
	for _, l := range f.lines {
		for _, v := range l.Fields {
			id, _ := v.(string)
			mention(&people, id)
			mention(&departments, id)
			mention(&topics, id)
			mention(&causes, id)
		}
	}
	named(ctx, f, f.client.Staff.Query().Where(staff.IDIn(people...)).Order(staff.ByID()).All, func(s *db.Staff) (fmt.Stringer, string) { return s.ID, s.Name })
	named(ctx, f, f.client.Department.Query().Where(department.IDIn(departments...)).Order(department.ByID()).All, func(d *db.Department) (fmt.Stringer, string) { return d.ID, d.Name })
	named(ctx, f, f.client.Topic.Query().Where(topic.IDIn(topics...)).Order(topic.ByID()).All, func(t *db.Topic) (fmt.Stringer, string) { return t.ID, t.NameEn + " " + t.NameZh })
	named(ctx, f, f.client.Cause.Query().Where(cause.IDIn(causes...)).Order(cause.ByID()).All, func(c *db.Cause) (fmt.Stringer, string) { return c.ID, c.NameEn + " " + c.NameZh })
}

// mention adds an id of a kind to those that are known, if the text is one.
func mention[ID comparable, P interface {
	*ID
	UnmarshalText([]byte) error
}](known *[]ID, text string) {
	var id, none ID
	if P(&id).UnmarshalText([]byte(text)) == nil && id != none && !slices.Contains(*known, id) {
		*known = append(*known, id)
	}
}

func named[T any](ctx context.Context, f *archiveFile, all func(context.Context) ([]*T, error), name func(*T) (fmt.Stringer, string)) {
	if f.err != nil {
		return
	}
	rows, err := all(ctx)
	if err != nil {
		f.err = fmt.Errorf("reading the names of an archive: %w", err)
	}
	for _, row := range rows {
		id, text := name(row)
		f.lines = append(f.lines, archive.Line{Kind: archiveName, Fields: map[string]any{"id": id.String()}, Texts: map[string]archive.Text{"name": archive.Plain(text)}})
	}
}

// archiveEvents are the events of the log that concern the case, its tasks and measures, each
// with the digest of the event before it, so that its own can be calculated again.
func archiveEvents(ctx context.Context, client *db.Client, lines []archive.Line) ([]archive.Line, error) {
	var subjects []string
	for _, l := range lines {
		if id, _ := l.Fields["id"].(string); slices.Contains([]string{"case", "task", "measure"}, l.Kind) {
			subjects = append(subjects, id)
		}
	}
	rows, err := client.Event.Query().Where(event.SubjectIn(subjects...)).Order(event.ByCursor(), event.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the events of an archive: %w", err)
	}
	var before []int64
	for _, e := range rows {
		if e.Cursor == nil { // somebody else has just changed the case or a task
			return nil, conflict()
		}
		before = append(before, *e.Cursor-1)
	}
	digests := map[int64][]byte{}
	for some := range slices.Chunk(before, atOnce) {
		previous, err := client.Event.Query().Where(event.CursorIn(some...)).Select(event.FieldCursor, event.FieldDigest).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the digests of an archive: %w", err)
		}
		for _, e := range previous {
			digests[*e.Cursor] = e.Digest
		}
	}
	told := make([]archive.Line, len(rows))
	for n, e := range rows {
		told[n] = eventLine(e, digests[*e.Cursor-1])
	}
	return told, nil
}

// eventLine is an event of the log, with the digest of the one before it; nil for the
// first.
func eventLine(e *db.Event, previous []byte) archive.Line {
	fields := map[string]any{"cursor": *e.Cursor, "previous": hex.EncodeToString(previous), "digest": hex.EncodeToString(e.Digest),
		"kind": e.Kind, "subject": e.Subject, "actor": e.Actor, "at": stamp(e.At), "changed": slices.Clone(e.Changed),
		"site": e.SiteID.String(), "department": e.DepartmentID.String(), "owner": e.OwnerID.String(), "origin": e.OriginID.String()}
	return archive.Line{Kind: archiveEvent, Fields: fields, Texts: map[string]archive.Text{}}
}
