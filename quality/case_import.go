package quality

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/customer"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// ImportCases are cases of one site to take over from another system.
type ImportCases struct {
	Site  ImportSite
	Cases []ImportCase
	// Rehearse does everything and then undoes it: the outcome says what would have
	// become of the cases.
	Rehearse bool
}

// ImportSite names a site. One that does not exist is made, given that Create says
// how; one that does is left as it is.
type ImportSite struct {
	Code   string
	Create *ImportNewSite
}

// ImportNewSite is what a site needs besides its code.
type ImportNewSite struct {
	Name     string
	Kind     site.Kind
	Country  string // ISO 3166-1 alpha-2
	TimeZone string // IANA name
}

// ImportDepartment names a department of the site. One that does not exist is made,
// directly below the site; one that does keeps its name.
type ImportDepartment struct {
	Code string // without slashes
	Name string
}

// ImportCustomer names a customer: by the id in the other system or, without one,
// by telephone number or else e-mail address. A customer who is not found is
// registered; one who is found is left as is.
type ImportCustomer struct {
	Kind       customer.Kind
	Name       string // needed only for who is not found
	Phone      *string
	Email      *string
	ExternalID *string
}

// ImportCase is a case with the course that it took in another system. It may have
// got to any station; what belongs to a later step is left nil.
type ImportCase struct {
	ExternalID  string // by which it is known again
	Kind        servicecase.Kind
	Channel     servicecase.Channel
	Severity    servicecase.Severity
	TopicText   *string
	Subject     string
	Description *string
	Product     *string
	Customer    *ImportCustomer // nil where the customer is not named
	OpenedAt    time.Time
	DueAt       *time.Time // nil for the deadline of its severity
	Progress    *ImportProgress

	Status       servicecase.Status // how far it got
	Department   *ImportDepartment  // needed from DISPATCHED on
	DispatchedAt *time.Time         // nil where it is not known
	AcceptedAt   *time.Time         // nil where it is not known

	Resolution    *string    // needed from RESOLVED on
	ResolvedAt    *time.Time // needed from RESOLVED on; of a closed case nil stands for ClosedAt
	Substantiated *bool      // nil where it is not known

	Closure       *servicecase.Closure // needed for CLOSED
	ClosureReason *string              // needed for CLOSED
	ClosedAt      *time.Time           // needed for CLOSED
}

// ImportProgress is what the other system says has been done so far. It becomes a
// line of the timeline.
type ImportProgress struct {
	Text string
	At   time.Time
}

// CasesImported is what became of an import.
type CasesImported struct {
	Cases                         []CaseImported // for each case asked for, in the same order
	Sites, Departments, Customers int            // that were made for them
}

// CaseImported is what became of one case of an import.
type CaseImported struct {
	ID typeid.CaseID // of the new case
	// Rejection says why the case was not imported, nil if it was. A case that is
	// there already, or comes twice in one import, is a Duplicate at "externalId".
	Rejection Rejection
}

// Known reports whether the case was not imported because it is there already.
func (c CaseImported) Known() bool {
	return len(c.Rejection) == 1 && c.Rejection[0].Kind == Duplicate && c.Rejection[0].Path[0] == "externalId"
}

// errRehearsed undoes what was done for a rehearsal.
var errRehearsed = errors.New("only rehearsed")

// ImportCases takes cases over with their history, in one transaction: each with
// the times of its steps, a timeline that says what was done, and one event
// "case.imported". The rules for cases that are opened here hold for them, too.
// They have neither receiver nor assignee, for no member of the staff was asked.
//
// A case that is rejected does not keep the others from being imported. A site that
// neither exists nor can be made is a Rejection of the whole. After any other error
// nothing was changed, and the cases may be tried one by one: perhaps the database
// refuses a single one.
//
// It is for the operator's commands: the caller decides who may use it.
func (s *Service) ImportCases(ctx context.Context, in ImportCases) (*CasesImported, error) {
	if err := mayImport(ent.ViewerFrom(ctx), in); err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		out, err := s.tryImport(ctx, in)
		if attempt == importAttempts || !db.IsConstraintError(err) {
			return out, err
		}
	}
}

// importAttempts is how often an import is tried that meets others: each attempt may
// find that somebody has just made the site, a department, a counter or a case that
// was not there before. Then it is, and the next attempt gets on.
const importAttempts = 5

// tryImport is the transaction of ImportCases.
func (s *Service) tryImport(ctx context.Context, in ImportCases) (*CasesImported, error) {
	out := &CasesImported{Cases: make([]CaseImported, len(in.Cases))}
	known, err := s.knownCases(ctx, in.Cases)
	if err != nil {
		return nil, err
	}
	var good []int // indexes of the cases to write
	for i := range in.Cases {
		c := &in.Cases[i]
		if known[c.ExternalID] {
			out.Cases[i].Rejection = duplicateCase()
			continue
		}
		if out.Cases[i].Rejection = s.checkImportCase(c); out.Cases[i].Rejection == nil {
			good = append(good, i)
			known[c.ExternalID] = true
		}
	}
	if len(good) == 0 {
		return out, nil
	}
	err = ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error {
		w := importWriter{Service: s, tx: tx, out: out, now: s.now()}
		if err := w.write(ctx, in, good); err != nil {
			return err
		}
		if in.Rehearse {
			return errRehearsed
		}
		return nil
	})
	if err != nil && !errors.Is(err, errRehearsed) {
		return nil, err
	}
	if len(good) >= importRows {
		s.giveWay(ctx)
	}
	return out, nil
}

// mayImport checks that the viewer's token is good for all that an import makes.
func mayImport(v ent.Viewer, in ImportCases) error {
	allowed := v.MayWrite(ent.Cases) && v.MayWrite(ent.Organisation)
	for i := 0; allowed && i < len(in.Cases); i++ {
		allowed = in.Cases[i].Customer == nil || v.MayWrite(ent.Customers)
	}
	if !allowed {
		return forbidden(text("Your token is not good for this.", "您的令牌无权执行此操作。"))
	}
	return nil
}

func duplicateCase() Rejection {
	return Rejection{{Kind: Duplicate, Path: []string{"externalId"},
		Text: text("There is a case with this external id already.", "已存在相同外部编号的个案。")}}
}

// knownCases returns the external ids that cases have already. It trims the ids of
// what is asked for.
func (s *Service) knownCases(ctx context.Context, cases []ImportCase) (map[string]bool, error) {
	ids := make([]string, 0, len(cases))
	for i := range cases {
		var ignored check // said by checkImportCase
		if ignored.text(&cases[i].ExternalID, maxForeign); ignored.err() == nil {
			ids = append(ids, cases[i].ExternalID)
		}
	}
	found, err := s.db.ServiceCase.Query().Where(servicecase.ExternalIDIn(ids...)).
		Select(servicecase.FieldExternalID).Strings(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("looking up cases by their foreign ids: %w", err)
	}
	known := make(map[string]bool, len(cases))
	for _, id := range found {
		known[id] = true
	}
	return known, nil
}

// checkImportCase completes a case and says what is wrong with it, nil for nothing.
func (s *Service) checkImportCase(c *ImportCase) Rejection {
	opened := OpenCase{
		Kind: c.Kind, Channel: c.Channel, Severity: c.Severity, TopicText: c.TopicText, Subject: c.Subject,
		Description: c.Description, Product: c.Product, OpenedAt: &c.OpenedAt, DueAt: c.DueAt,
	}
	var bad check
	bad.text(&c.ExternalID, maxForeign, "externalId")
	var wrong Rejection
	if errors.As(s.checkOpenCase(&opened), &wrong) {
		bad.problems = append(bad.problems, wrong...)
	}
	c.TopicText, c.Subject, c.Description, c.Product = opened.TopicText, opened.Subject, opened.Description, opened.Product
	c.OpenedAt, c.DueAt = *opened.OpenedAt, opened.DueAt
	if p := c.Progress; p != nil {
		bad.text(&p.Text, maxProse, "progress", "text")
		s.checkImportTime(&bad, &p.At, c.OpenedAt, "progress", "at")
	}
	if d := c.Department; d != nil {
		bad.code(&d.Code, "department", "code")
		bad.text(&d.Name, maxName, "department", "name")
	}
	s.checkCourse(&bad, c)
	return bad.problems
}

// maxUnitCode bounds the codes of sites and departments, in characters.
const maxUnitCode = 40

// code checks a code, which becomes a part of a path.
func (c *check) code(value *string, path ...string) {
	c.text(value, maxUnitCode, path...)
	if strings.Contains(*value, "/") {
		c.add(Invalid, "A code has no slash.", "代码不能含有斜杠。", path...)
	}
}

// checkCourse takes the case through the stations up to its status, whatever else its
// kind asks of cases that take their course here. What a step
// needs must be there, its time must not lie before that of the step before it, and
// what belongs to a step that was not taken must not be there.
func (s *Service) checkCourse(bad *check, c *ImportCase) {
	if c.Status == servicecase.StatusCLOSED && c.ResolvedAt == nil {
		c.ResolvedAt = c.ClosedAt
	}
	at, previous := servicecase.StatusOPEN, c.OpenedAt
	for _, step := range []struct {
		step  rules.CaseStep
		leads servicecase.Status
		time  *time.Time
		path  string
		given bool
		needs func()
	}{
		{rules.Dispatch, servicecase.StatusDISPATCHED, c.DispatchedAt, "dispatchedAt", c.Department != nil, func() {
			if c.Department == nil {
				bad.add(Required, "A case that was dispatched has a department.", "已派单的个案必须有部门。", "department")
			}
		}},
		{rules.Accept, servicecase.StatusACCEPTED, c.AcceptedAt, "acceptedAt", false, func() {}},
		{rules.Resolve, servicecase.StatusRESOLVED, c.ResolvedAt, "resolvedAt", c.Resolution != nil || c.Substantiated != nil, func() {
			c.Resolution = bad.needed(c.Resolution, "resolution")
			bad.neededTime(c.ResolvedAt, "resolvedAt")
		}},
		{rules.Close, servicecase.StatusCLOSED, c.ClosedAt, "closedAt", c.Closure != nil || c.ClosureReason != nil, func() {
			c.ClosureReason = bad.needed(c.ClosureReason, "closureReason")
			bad.neededTime(c.ClosedAt, "closedAt")
			if c.Closure == nil {
				bad.add(Required, "Say on whose word the case was closed.", "请说明个案由谁确认关闭。", "closure")
			}
		}},
	} {
		if at == c.Status {
			if step.given || step.time != nil {
				bad.add(Invalid, fmt.Sprintf("The case is only %s and was not %s.", statusNames[at].EN, stepNames[step.step].EN),
					fmt.Sprintf("个案当前为“%s”，尚未%s。", statusNames[at].ZH, stepNames[step.step].ZH), step.path)
			}
			continue
		}
		at = step.leads
		step.needs()
		if step.time != nil {
			s.checkImportTime(bad, step.time, previous, step.path)
			previous = *step.time
		}
	}
	if at != c.Status {
		bad.add(Invalid, "There is no such status.", "没有此状态。", "status")
	}
}

// checkImportTime brings a time into the form in which it is stored and checks that
// it lies between the one before it and now.
func (s *Service) checkImportTime(bad *check, at *time.Time, previous time.Time, path ...string) {
	*at = at.UTC().Truncate(time.Microsecond)
	bad.notAfter(*at, s.now(), "This lies in the future.", "该时间不能晚于当前时间。", path...)
	bad.notAfter(previous, *at, "This lies before the step that came before it.", "该时间早于前一步骤。", path...)
}

// needed checks a text that the case's status makes a must.
func (c *check) needed(value *string, path string) *string {
	if value == nil {
		value = new(string)
	}
	c.text(value, maxProse, path)
	return value
}

func (c *check) neededTime(value *time.Time, path string) {
	if value == nil {
		c.add(Required, "A case of this status has this time.", "此状态的个案必须有该时间。", path)
	}
}
