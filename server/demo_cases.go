package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/casefollowup"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// occurrence is something that happens again and again: what a customer says, and
// what becomes of it. In its texts {room}, {order}, {minutes} and {amount} stand
// for what differs each time.
type occurrence struct {
	kind        servicecase.Kind
	channels    []servicecase.Channel
	severity    servicecase.Severity
	topic       string
	department  string // responsible
	product     string
	subject     string
	description string
	note        string // of who works on it
	resolution  string
	founded     bool // the investigation finds it justified
	answer      string
}

// business is how often customers of a site speak, and of what.
var business = []struct {
	site        string
	weekly      int // cases
	receivers   []string
	occurrences []occurrence
}{
	{hotel, 20, []string{"reception", "concierge", "reservations"}, hotelOccurrences},
	{mall, 16, []string{"customer-service", "floor-2", "floor-3"}, mallOccurrences},
	{salesOffice, 7, []string{"customer-care", "sales-team-a"}, salesOccurrences},
}

// planCases lets customers speak all along, and in the end leaves a case of the
// hotel at each station.
func (h *history) planCases() {
	weeks := h.end.Sub(h.start).Hours() / (7 * 24)
	for _, b := range business {
		for n := range int(float64(b.weekly) * weeks) {
			spoken := h.start.Add(h.between(0, h.end.Sub(h.start)))
			h.planCase(b.site, b.receivers, b.occurrences[n%len(b.occurrences)], spoken, h.leftAt())
		}
	}
	for n, last := range []struct {
		ago time.Duration
		at  servicecase.Status
	}{
		{20 * time.Minute, servicecase.StatusOPEN}, {3 * time.Hour, servicecase.StatusDISPATCHED},
		{9 * time.Hour, servicecase.StatusACCEPTED}, {9 * 24 * time.Hour, servicecase.StatusRESOLVED},
	} {
		h.planCase(hotel, business[0].receivers, hotelOccurrences[n], h.end.Add(-last.ago), last.at)
	}
}

// leftAt is the station at which a case comes to a stop: some are forgotten.
func (h *history) leftAt() servicecase.Status {
	switch n := h.random.IntN(100); {
	case n < 2:
		return servicecase.StatusDISPATCHED
	case n < 5:
		return servicecase.StatusACCEPTED
	case n < 9:
		return servicecase.StatusRESOLVED
	default:
		return servicecase.StatusCLOSED
	}
}

func (h *history) planCase(site string, receivers []string, o occurrence, spoken time.Time, last servicecase.Status) {
	d := h.company.of(site, o.department)
	w := &casework{history: h, occurrence: o, department: d, last: last, words: strings.NewReplacer(
		"{room}", fmt.Sprintf("%d%02d", 3+h.random.IntN(18), 1+h.random.IntN(24)),
		"{order}", fmt.Sprintf("%s-%05d", d.site.plan.prefix, 20000+h.random.IntN(9000)),
		"{minutes}", fmt.Sprint(15+5*h.random.IntN(10)), "{amount}", fmt.Sprint(80+20*h.random.IntN(20)),
	)}
	h.at(h.during(d.site, spoken), func(context.Context) error { return w.open(site, receivers) })
}

// casework is what people do about one case.
type casework struct {
	*history
	occurrence
	department *companyDepartment
	last       servicecase.Status // where it comes to a stop
	words      *strings.Replacer
	row        *db.ServiceCase
	named      bool // the customer is known
	receiver   *companyPerson
	handler    *companyPerson
}

// moved notes the outcome of a step and plans the next.
func (w *casework) moved(c *quality.Change[*db.ServiceCase], err error, next func(context.Context) error, least, most time.Duration) error {
	if err != nil {
		return err
	}
	w.row = c.Object
	if next != nil && w.row.Status != w.last {
		w.plan(w.during(w.department.site, w.clock.now().Add(w.between(least, most))), next)
	}
	return nil
}

// plan puts a step on the agenda. It is taken on the case as it is then: meanwhile a
// deadline may have been missed, or an offer that nobody accepted have come back.
func (w *casework) plan(at time.Time, step func(context.Context) error) {
	if now := w.clock.now(); at.Before(now) {
		at = now
	}
	w.at(at, func(ctx context.Context) error {
		if err := w.reload(ctx); err != nil {
			return err
		}
		return step(ctx)
	})
}

func (w *casework) open(site string, receivers []string) error {
	in := quality.OpenCase{
		Kind: w.kind, Channel: pick(w.random, w.channels), Severity: w.severity, TopicText: &w.topic,
		Subject: w.words.Replace(w.subject), Description: given(w.words.Replace(w.description)), Product: given(w.words.Replace(w.product)),
	}
	// A customer who is known turns to whom he knows; one who is not, or does not
	// want to be named, to whoever is there.
	if known := w.customers[site]; len(known) > 0 && w.happens(85) {
		guest := pick(w.random, known)
		in.CustomerID, w.receiver, w.named = &guest.id, guest.owner, true
	} else {
		w.receiver = pick(w.random, w.company.of(site, pick(w.random, receivers)).team())
		in.Anonymous = true
	}
	c, err := w.core.quality.OpenCase(w.receiver.viewer, in)
	return w.moved(c, err, w.dispatch, 3*time.Minute, time.Hour)
}

func (w *casework) dispatch(context.Context) error {
	in := quality.DispatchCase{ID: w.row.ID, ExpectedRevision: w.row.Revision, DepartmentID: w.department.ID}
	w.handler = w.department.head
	if w.happens(70) {
		w.handler = pick(w.random, w.department.team())
		in.AssigneeID = &w.handler.ID
	}
	if w.severity == servicecase.SeverityCRITICAL {
		in.Note = given("Urgent: please call back within the half hour. 紧急，请在半小时内回复。")
	}
	c, err := w.core.quality.DispatchCase(w.receiver.viewer, in)
	return w.moved(c, err, w.accept, 2*time.Minute, 2*time.Hour)
}

func (w *casework) accept(ctx context.Context) error {
	if w.row.Status != servicecase.StatusDISPATCHED { // it took too long
		return w.dispatch(ctx)
	}
	c, err := w.core.quality.AcceptCase(w.handler.viewer, quality.AcceptCase{ID: w.row.ID, ExpectedRevision: w.row.Revision})
	if err := w.moved(c, err, nil, 0, 0); err != nil {
		return err
	}
	allowed := w.row.DueAt.Sub(w.row.OpenedAt)
	needed := w.between(allowed/6, allowed*4/5)
	if !w.happens(78 + int(20*w.handler.diligence)) { // late, and the customer is told so
		needed = w.between(allowed*11/10, allowed*2)
		w.plan(w.row.DueAt, w.delay)
	}
	done := w.row.OpenedAt.Add(needed)
	if soonest := w.clock.now().Add(10 * time.Minute); done.Before(soonest) {
		done = soonest
	}
	w.plan(w.clock.now().Add(done.Sub(w.clock.now())/2), w.investigate)
	if w.last != servicecase.StatusACCEPTED {
		w.plan(w.during(w.department.site, done), w.resolve)
	}
	return nil
}

// write adds a line to the timeline.
func (w *casework) write(by *companyPerson, kind caseentry.Kind, visible caseentry.Visibility, corrects *typeid.CaseEntryID, text string) (*db.CaseEntry, error) {
	c, err := w.core.quality.AddCaseEntry(by.viewer, quality.AddCaseEntry{
		CaseID: w.row.ID, Kind: kind, Visibility: visible, Text: w.words.Replace(text), CorrectsID: corrects,
	})
	if err != nil {
		return nil, err
	}
	return c.Object, nil
}

func (w *casework) investigate(context.Context) error {
	if w.note == "" {
		return nil
	}
	e, err := w.write(w.handler, caseentry.KindNOTE, caseentry.VisibilityINTERNAL, nil, w.note)
	if err == nil && w.happens(4) {
		_, err = w.write(w.handler, caseentry.KindNOTE, caseentry.VisibilityINTERNAL, &e.ID,
			"Correction: it was on the shift before. 更正：系上一班次发生。")
	}
	return err
}

func (w *casework) delay(context.Context) error {
	if w.row.Status != servicecase.StatusACCEPTED || !w.named {
		return nil
	}
	_, err := w.write(w.handler, caseentry.KindMESSAGE_TO_CUSTOMER, caseentry.VisibilityCUSTOMER, nil,
		"We are sorry that this takes longer than promised. You will hear from us again tomorrow at the latest. 非常抱歉，处理时间超出承诺，最迟明日再次向您回复。")
	return err
}

// resolve does what the kind of the case asks for, and says what was done.
func (w *casework) resolve(ctx context.Context) error {
	if err := w.treat(ctx); err != nil {
		return err
	}
	if w.named {
		c, err := w.core.quality.ReplyCase(w.handler.viewer, quality.ReplyCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
			Kind: caseentry.KindCALL, Text: w.words.Replace(w.resolution)})
		if err := w.moved(c, err, nil, 0, 0); err != nil {
			return err
		}
	}
	c, err := w.core.quality.ResolveCase(w.handler.viewer, quality.ResolveCase{
		ID: w.row.ID, ExpectedRevision: w.row.Revision, Substantiated: &w.founded, Resolution: w.words.Replace(w.resolution),
	})
	return w.moved(c, err, w.close, 4*time.Hour, 2*24*time.Hour)
}

// treat does with the case what cases of its kind are about.
func (w *casework) treat(ctx context.Context) error {
	switch {
	case !w.row.InspectionID.IsZero():
		return nil
	case w.kind == servicecase.KindINCIDENT:
		return w.treatIncident(ctx)
	case w.kind == servicecase.KindSUGGESTION:
		return w.treatSuggestion(ctx)
	case w.kind == servicecase.KindRETURN_EXCHANGE:
		return w.decide(w.handler)
	case w.kind == servicecase.KindCOMMENDATION:
		return w.commend()
	default:
		return nil
	}
}

// close closes the case on the customer's word where its kind asks for it, or where
// there is none by who decides about the handler's work.
func (w *casework) close(ctx context.Context) error {
	if w.kind == servicecase.KindINCIDENT {
		if err := w.finishMeasures(ctx); err != nil {
			return err
		}
	}
	in := quality.CloseCase{Reason: w.words.Replace(w.answer)}
	by := w.receiver
	asked := w.kind != servicecase.KindSUGGESTION && w.kind != servicecase.KindINQUIRY && w.kind != servicecase.KindCOMMENDATION
	switch {
	case w.row.InspectionID.IsZero() && !asked:
		in.Closure, in.Reason = servicecase.ClosureNO_FOLLOW_UP_NEEDED, "Settled with what was said. 已答复，无需回访。"
	case w.named && w.happens(88):
		in.Closure = servicecase.ClosureCUSTOMER_AGREED
		c, err := w.core.quality.FollowUpCase(by.viewer, quality.FollowUpCase{ID: w.row.ID, ExpectedRevision: w.row.Revision,
			Channel: casefollowup.ChannelTELEPHONE, Outcome: casefollowup.OutcomeAGREED, Word: new(in.Reason)})
		if err := w.moved(c, err, nil, 0, 0); err != nil {
			return err
		}
	default:
		by = w.handler.decider()
		in.Closure, in.Reason = servicecase.ClosureMANAGER_DECISION, w.ruling()
	}
	in.ID, in.ExpectedRevision = w.row.ID, w.row.Revision
	c, err := w.core.quality.CloseCase(by.viewer, in)
	return w.moved(c, err, nil, 0, 0)
}

// ruling is why a manager closes the case without the customer's word.
func (w *casework) ruling() string {
	switch {
	case !w.row.InspectionID.IsZero():
		return "Checked again on two shifts: in order. 已复查两个班次，符合要求，予以结案。"
	case w.named:
		return "Nobody could be reached in three attempts; the outcome is in order. 三次回访均未接通，处理结果无异议，予以结案。"
	default:
		return "The customer did not leave a name; what was done is sufficient. 客户未留姓名，处理措施得当，予以结案。"
	}
}

// noWords is for texts in which nothing differs.
var noWords = strings.NewReplacer()
