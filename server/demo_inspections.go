package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/inspection"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

// controlPlan says who checks what, and how often.
var controlPlan = []struct {
	checklist, site, department string
	layer                       inspection.Layer
	days                        int // from one to the next
	hour                        int // of the local day
	place                       string
}{
	{"frontdesk.reception", hotel, "reception", inspection.LayerSELF_CHECK, 3, 15, "Main desk 大堂前台"},
	{"frontdesk.reception", hotel, "reception", inspection.LayerSAMPLING, 7, 18, "Main desk 大堂前台"},
	{"frontdesk.conduct", hotel, "reception", inspection.LayerPATROL, 7, 9, "Lobby 大堂"},
	{"frontdesk.conduct", hotel, "concierge", inspection.LayerPATROL, 9, 11, "Concierge desk 礼宾台"},
	{"frontdesk.reservations", hotel, "reservations", inspection.LayerSELF_CHECK, 5, 17, "Reservations office 预订办公室"},
	{"retail.presale", mall, "counter-cosmetics", inspection.LayerSELF_CHECK, 4, 10, "Counter 1-06 一楼06号柜"},
	{"retail.presale", mall, "counter-jewellery", inspection.LayerSELF_CHECK, 4, 10, "Counter 1-11 一楼11号柜"},
	{"retail.presale", mall, "floor-2", inspection.LayerSELF_CHECK, 5, 10, "Floor 2 二楼"},
	{"retail.sale", mall, "floor-2", inspection.LayerPATROL, 7, 16, "Floor 2 二楼"},
	{"retail.sale", mall, "floor-3", inspection.LayerSAMPLING, 7, 15, "Floor 3 三楼"},
	{"retail.sale", mall, "counter-cosmetics", inspection.LayerSAMPLING, 10, 14, "Counter 1-06 一楼06号柜"},
	{"retail.aftersale", mall, "floor-3", inspection.LayerPATROL, 8, 19, "Floor 3 三楼"},
	{"aftersales.contact", mall, "customer-service", inspection.LayerSELF_CHECK, 4, 13, "Service desk 总服务台"},
	{"aftersales.complaints", mall, "customer-service", inspection.LayerSAMPLING, 7, 11, "Case files 个案档案"},
	{"aftersales.service", salesOffice, "customer-care", inspection.LayerPATROL, 9, 14, "Flats handed over 已交付房屋"},
	{"salesoffice.daily", salesOffice, "sales", inspection.LayerSELF_CHECK, 3, 9, "Showroom 展厅"},
	{"salesoffice.reception", salesOffice, "sales-team-a", inspection.LayerPATROL, 7, 15, "Showroom 展厅"},
	{"salesoffice.reception", salesOffice, "sales-team-b", inspection.LayerSAMPLING, 8, 16, "Showroom 展厅"},
	{"salesoffice.calls", salesOffice, "sales-team-b", inspection.LayerPATROL, 6, 11, "Sales desk 销售台"},
}

func (h *history) planInspections() {
	first := h.start.In(h.local)
	for n, p := range controlPlan {
		d := h.company.of(p.site, p.department)
		round := func(at time.Time) {
			r := &round{history: h, checklist: p.checklist, department: d, layer: p.layer, place: p.place}
			r.inspector = h.inspector(d, p.layer)
			r.observed = pick(h.random, d.team())
			h.at(at, r.start)
		}
		for day := n % p.days; ; day += p.days {
			at := time.Date(first.Year(), first.Month(), first.Day()+day, p.hour, h.random.IntN(50), h.random.IntN(60), 0, h.local)
			if at.After(h.end) {
				break
			}
			round(at)
		}
		if n == 1 { // one is under way just now
			round(h.end.Add(-5 * time.Minute))
		}
	}
}

// inspector is who checks a department at a layer.
func (h *history) inspector(d *companyDepartment, layer inspection.Layer) *companyPerson {
	switch layer {
	case inspection.LayerSELF_CHECK:
		return d.head
	case inspection.LayerPATROL:
		return d.head.decider()
	default:
		return h.company.with(staff.RoleQUALITY_OFFICER, "")
	}
}

// round is one inspection.
type round struct {
	*history
	checklist           string
	department          *companyDepartment
	layer               inspection.Layer
	place               string
	inspector, observed *companyPerson
	definition          checklist.Definition
	row                 *db.Inspection
}

func (r *round) start(ctx context.Context) error {
	c, err := r.core.quality.StartInspection(r.inspector.viewer, quality.StartInspection{
		Checklist: r.checklist, DepartmentID: &r.department.ID, ObservedID: &r.observed.ID, Layer: r.layer, Place: &r.place,
	})
	if err != nil {
		return fmt.Errorf("starting an inspection by %s: %w", r.checklist, err)
	}
	r.row = c.Object
	v, err := r.core.db.ChecklistVersion.Query().Where(checklistversion.ID(r.row.ChecklistVersionID)).Only(ent.AsSystem(ctx))
	if err == nil {
		err = json.Unmarshal(v.Definition, &r.definition)
	}
	r.at(r.clock.now().Add(r.between(10*time.Minute, 40*time.Minute)), r.answer)
	return err
}

func (r *round) answer(context.Context) error {
	c, err := r.core.quality.AnswerInspection(r.inspector.viewer, quality.AnswerInspection{
		ID: r.row.ID, ExpectedRevision: &r.row.Revision, Answers: r.answers(),
	})
	if err != nil {
		return fmt.Errorf("answering %s: %w", r.checklist, err)
	}
	r.row = c.Object
	r.at(r.clock.now().Add(r.between(time.Minute, 10*time.Minute)), r.complete)
	return nil
}

// complete has the plugin judge the answers, and plans what becomes of the cases
// that it opens.
func (r *round) complete(ctx context.Context) error {
	_, err := r.core.quality.CompleteInspection(r.inspector.viewer, quality.CompleteInspection{ID: r.row.ID, ExpectedRevision: r.row.Revision})
	if err != nil {
		return fmt.Errorf("completing %s: %w", r.checklist, err)
	}
	opened, err := r.core.db.ServiceCase.Query().Where(servicecase.InspectionID(r.row.ID)).Order(db.Asc(servicecase.FieldNumber)).All(ent.AsSystem(ctx))
	if err != nil {
		return err
	}
	for _, c := range opened {
		w := &casework{history: r.history, department: r.department, occurrence: pick(r.random, corrections), last: r.leftAt(),
			words: noWords, row: c, receiver: r.inspector, handler: r.department.head}
		if w.last != servicecase.StatusDISPATCHED {
			w.plan(r.clock.now().Add(r.between(10*time.Minute, time.Hour)), w.accept)
		}
	}
	return nil
}

// answers are those to all items: mostly good, by the diligence of who was observed.
func (r *round) answers() []quality.ItemAnswer {
	var answers []quality.ItemAnswer
	excluded := map[string]bool{}
	for _, section := range r.definition.Sections {
		for _, item := range section.Items {
			if excluded[item.ID] {
				answers = append(answers, quality.ItemAnswer{Item: item.ID, NotApplicable: true, Reason: new("Something else was seen. 本次检查了另一项。")})
				continue
			}
			for _, other := range item.Excludes {
				excluded[other] = true
			}
			chance := 1 + int(6*(1-r.observed.diligence)) // in a hundred
			if item.Key {
				chance = (chance + 1) / 3
			}
			answers = append(answers, r.found(item, r.happens(chance)))
		}
	}
	return answers
}

// found is an answer to an item that is good, or bad.
func (r *round) found(item checklist.Item, bad bool) quality.ItemAnswer {
	a := quality.ItemAnswer{Item: item.ID}
	reference := fmt.Sprintf("photos/%s/%s.jpg", r.row.ID, item.ID)
	switch item.Kind {
	case checklist.YesNo:
		a.Yes = new(!bad)
	case checklist.Choice:
		best, worst := item.Choices[0], item.Choices[0]
		for _, c := range item.Choices {
			if c.Credit > best.Credit {
				best = c
			}
			if c.Credit < worst.Credit {
				worst = c
			}
		}
		a.Choice = &best.ID
		if bad {
			a.Choice = &worst.ID
		}
	case checklist.Number:
		a.Number = new(r.measured(item, bad))
	case checklist.Prose:
		a.Text = new("Nothing unusual. 无异常。")
	case checklist.Photo:
		a.Evidence = []string{reference}
	}
	if item.Evidence == checklist.EvidenceRequired || bad && item.Evidence == checklist.EvidenceOnFail {
		a.Evidence = []string{reference}
	}
	if bad {
		a.Note = new(pick(r.random, remarks))
	}
	return a
}

// measured is a number within the item's limits, or a little beyond them.
func (r *round) measured(item checklist.Item, bad bool) float64 {
	whole := item.Unit == "rings" || item.Unit == "count"
	share := r.random.Float64()
	var value float64
	switch {
	case item.Limits == nil:
		value = 1
	case item.Limits.Upper != nil && bad:
		value = *item.Limits.Upper*(1.1+share/2) + 1
	case item.Limits.Upper != nil && r.slow(item):
		value = *item.Limits.Upper * (0.9 + 0.08*share)
	case item.Limits.Upper != nil:
		value = *item.Limits.Upper * (0.2 + 0.75*share)
	case bad:
		value = *item.Limits.Lower * (0.7 + 0.25*share)
	default:
		value = *item.Limits.Lower * (1 + share/20)
	}
	if item.Unit == "%" {
		value = min(value, 100)
	}
	if whole {
		return math.Floor(value)
	}
	return math.Round(value*10) / 10
}

var remarks = []string{
	"Seen twice within half an hour.", "Corrected on the spot.", "Told the shift leader at once.", "New colleague, second week.",
	"已当场纠正。", "班前会已提醒。", "新员工，需带教。", "高峰时段人手不足。",
}
