package main

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/appraisalscheme"
	"github.com/seed-34fcb60d/rounds/ent/db/indicator"
	"github.com/seed-34fcb60d/rounds/ent/db/site"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality"
)

// company is the demonstration company, as far as the making of its history needs
// to know it.
type company struct {
	sites       []*companySite
	departments map[string]*companyDepartment // by site and code, such as "harbour-hotel/reception"
	people      []*companyPerson              // from the top down
	upkeep      typeid.CauseID                // which incidents come of
}

type companySite struct {
	*db.Site
	plan    siteplan
	comfort typeid.TopicID // what suggestions are about
}

type companyDepartment struct {
	*db.Department
	key  string
	site *companySite
	head *companyPerson   // who answers for it
	crew []*companyPerson // who else belongs to it
}

type companyPerson struct {
	*db.Staff
	department *companyDepartment
	above      *companyPerson  // one level up; nil at the top
	viewer     context.Context // in which the person asks
	diligence  float64         // 0 to 1, how well the person serves
}

// siteplan is what a site shall look like.
type siteplan struct {
	code, name, prefix string // prefix of the employee numbers
	kind               site.Kind
	opens, closes      int // hours of the local day; equal for around the clock
	departments        []departmentplan
}

// departmentplan is a department, the role of who heads it, and how many more
// people work there.
type departmentplan struct {
	code, above, name string
	head, rest        staff.Role
	crew              int
}

const (
	manager = staff.RoleDEPARTMENT_MANAGER
	lead    = staff.RoleTEAM_LEAD
	worker  = staff.RoleSTAFF
)

const (
	headOffice  = "head-office"
	hotel       = "harbour-hotel"
	mall        = "riverside-plaza"
	salesOffice = "lakeview-sales"
)

// companyPlan is the organisation, each department after the one above it.
var companyPlan = []siteplan{
	{headOffice, "Harbour Light Group 港明集团总部", "HO", site.KindOTHER, 9, 18, []departmentplan{
		{"executive-office", "", "Executive Office 总经理办公室", staff.RoleEXECUTIVE, "", 0},
		{"quality-office", "", "Service Quality Office 服务质量管理办公室", staff.RoleQUALITY_OFFICER, staff.RoleQUALITY_OFFICER, 2},
		{"human-resources", "", "Human Resources 人力资源部", staff.RoleHUMAN_RESOURCES, staff.RoleHUMAN_RESOURCES, 1},
		{"information-technology", "", "Information Technology 信息技术部", staff.RoleADMINISTRATOR, "", 0},
	}},
	{hotel, "Harbour Light Hotel 港明大酒店", "HH", site.KindHOTEL, 0, 0, []departmentplan{
		{"management", "", "Hotel Management 酒店总经理室", staff.RoleSITE_MANAGER, "", 0},
		{"front-office", "", "Front Office 前厅部", manager, "", 0},
		{"reception", "front-office", "Reception 接待处", lead, worker, 6},
		{"reservations", "front-office", "Reservations 预订处", lead, worker, 3},
		{"concierge", "front-office", "Concierge 礼宾部", lead, worker, 3},
		{"housekeeping", "", "Housekeeping 客房部", manager, "", 0},
		{"guest-floors", "housekeeping", "Guest Floors 楼层服务", lead, worker, 5},
		{"laundry", "housekeeping", "Laundry 洗衣房", lead, worker, 2},
		{"food-and-beverage", "", "Food and Beverage 餐饮部", manager, "", 0},
		{"restaurant", "food-and-beverage", "Harbour View Restaurant 海景餐厅", lead, worker, 4},
		{"banquets", "food-and-beverage", "Banquets 宴会部", lead, worker, 2},
		{"security", "", "Security 保安部", manager, worker, 3},
		{"engineering", "", "Engineering 工程部", manager, worker, 3},
	}},
	{mall, "Riverside Plaza 滨江购物中心", "RP", site.KindMALL, 10, 22, []departmentplan{
		{"management", "", "Mall Management 商场总经理室", staff.RoleSITE_MANAGER, "", 0},
		{"retail-floors", "", "Retail Operations 商场营运部", manager, "", 0},
		{"floor-1", "retail-floors", "Floor 1: Cosmetics and Jewellery 一楼化妆品珠宝", lead, "", 0},
		{"counter-cosmetics", "floor-1", "Cosmetics Counter 化妆品柜组", lead, worker, 3},
		{"counter-jewellery", "floor-1", "Jewellery Counter 珠宝柜组", lead, worker, 2},
		{"floor-2", "retail-floors", "Floor 2: Fashion 二楼服装", lead, worker, 4},
		{"floor-3", "retail-floors", "Floor 3: Home and Electronics 三楼家居电器", lead, worker, 4},
		{"cashiers", "", "Cashiers 收银部", manager, worker, 4},
		{"customer-service", "", "Customer Service 顾客服务中心", manager, worker, 4},
		{"security", "", "Security 保安部", manager, worker, 3},
	}},
	{salesOffice, "Lakeview Gardens Sales Office 湖景花园售楼处", "LS", site.KindSALES_OFFICE, 9, 18, []departmentplan{
		{"management", "", "Sales Management 营销中心", staff.RoleSITE_MANAGER, "", 0},
		{"sales", "", "Sales 销售部", manager, "", 0},
		{"sales-team-a", "sales", "Sales Team A 销售一组", lead, worker, 3},
		{"sales-team-b", "sales", "Sales Team B 销售二组", lead, worker, 3},
		{"customer-care", "", "Customer Care 客户关系部", manager, worker, 2},
	}},
}

// scheme is how the company appraises its people each month.
const scheme = "monthly-service"

var schemeIndicators = []struct {
	measure               indicator.Measure
	weight, floor, target float64
}{
	{indicator.MeasureINSPECTION_SCORE, 40, 70, 98},
	{indicator.MeasureCASES_IN_TIME, 30, 50, 95},
	{indicator.MeasureRESOLUTION_RATE, 15, 50, 100},
	{indicator.MeasureCOMPLAINTS_SUBSTANTIATED, 10, 6, 0},
	{indicator.MeasureCOMMENDATIONS, 5, 0, 2},
}

// found makes the company: its sites, departments and staff, and the scheme of its
// appraisals, in one transaction with the events that say so.
func (h *history) found(ctx context.Context) error {
	ctx = ent.AsSystem(ctx)
	f := founding{history: h, ctx: ctx}
	err := ent.WithTx(ctx, h.core.db.Client, func(tx *db.Tx) (err error) {
		f.tx = tx
		for _, plan := range companyPlan {
			if err := f.site(plan); err != nil {
				return fmt.Errorf("making the site %s: %w", plan.code, err)
			}
		}
		if err := f.scheme(); err != nil {
			return fmt.Errorf("making the scheme: %w", err)
		}
		_, err = h.core.events.Append(ctx, tx, f.events...)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range h.company.people {
		v, err := h.core.quality.ViewerOf(ctx, p.Staff)
		if err != nil {
			return err
		}
		p.viewer = ent.WithViewer(ctx, v)
		p.diligence = h.random.Float64()
	}
	upkeep, err := h.core.quality.CreateCause(h.company.people[0].viewer, quality.CreateCause{Code: "upkeep", NameEn: "Upkeep of rooms and equipment", NameZh: "设施维护"})
	if err != nil {
		return fmt.Errorf("naming what things come of: %w", err)
	}
	h.company.upkeep = upkeep.Object.ID
	for _, s := range h.company.sites {
		if err := h.comfort(s); err != nil {
			return err
		}
	}
	return nil
}

// founding is the transaction in which the company is made.
type founding struct {
	*history
	ctx    context.Context
	tx     *db.Tx
	events []events.Event
	chief  *companyPerson
}

func (f *founding) note(kind string, subject fmt.Stringer, s typeid.SiteID, d typeid.DepartmentID) {
	f.events = append(f.events, events.Event{Kind: kind, Subject: subject.String(), At: f.clock.now(), Site: s, Department: d})
}

func (f *founding) site(plan siteplan) error {
	row, err := f.tx.Site.Create().SetCode(plan.code).SetName(plan.name).SetKind(plan.kind).
		SetCountry("CN").SetTimeZone(companyTime).SetCreatedAt(f.clock.now()).Save(f.ctx)
	if err != nil {
		return err
	}
	s := &companySite{Site: row, plan: plan}
	f.company.sites = append(f.company.sites, s)
	f.note(quality.EventSiteCreated, row.ID, row.ID, typeid.DepartmentID{})
	number := 100 // employee numbers grow through the site
	var boss *companyPerson
	for _, p := range plan.departments {
		d, err := f.department(s, p)
		if err != nil {
			return err
		}
		for n := range p.crew + 1 {
			role, above := p.head, f.above(boss, p)
			if n > 0 {
				role, above = p.rest, d.head
			}
			number++
			person, err := f.hire(d, fmt.Sprintf("%s%d", plan.prefix, number), role, above)
			if err != nil {
				return err
			}
			if n == 0 {
				d.head = person
			} else {
				d.crew = append(d.crew, person)
			}
			if boss == nil {
				boss = person
			}
			if f.chief == nil {
				f.chief = person
			}
		}
	}
	return f.calendars(s)
}

// above is who is one level up from the head of a department.
func (f *founding) above(boss *companyPerson, p departmentplan) *companyPerson {
	switch {
	case boss == nil:
		return f.chief // nil for the first person of all
	case p.above != "":
		return f.company.departments[boss.department.site.Code+"/"+p.above].head
	default:
		return boss
	}
}

func (f *founding) department(s *companySite, p departmentplan) (*companyDepartment, error) {
	path := s.Code + "/"
	create := f.tx.Department.Create().SetSiteID(s.ID).SetCode(p.code).SetName(p.name).SetCreatedAt(f.clock.now())
	if p.above != "" {
		above := f.company.departments[s.Code+"/"+p.above]
		path = above.Path
		create.SetParentID(above.ID)
	}
	row, err := create.SetPath(path + p.code + "/").Save(f.ctx)
	if err != nil {
		return nil, err
	}
	d := &companyDepartment{Department: row, key: s.Code + "/" + p.code, site: s}
	f.company.departments[d.key] = d
	f.note(quality.EventDepartmentCreated, row.ID, s.ID, row.ID)
	return d, nil
}

func (f *founding) hire(d *companyDepartment, code string, role staff.Role, above *companyPerson) (*companyPerson, error) {
	create := f.tx.Staff.Create().SetSiteID(d.SiteID).SetDepartmentID(d.ID).SetCode(code).SetName(f.names.staff()).
		SetRole(role).SetCreatedAt(f.clock.now()).SetUpdatedAt(f.clock.now())
	if above != nil {
		create.SetSupervisorID(above.ID)
	}
	row, err := create.Save(f.ctx)
	if err != nil {
		return nil, err
	}
	p := &companyPerson{Staff: row, department: d, above: above}
	f.company.people = append(f.company.people, p)
	f.note(quality.EventStaffCreated, row.ID, d.SiteID, d.ID)
	return p, nil
}

func (f *founding) scheme() error {
	row, err := f.tx.AppraisalScheme.Create().SetCode(scheme).SetNameEn("Monthly service appraisal").SetNameZh("月度服务绩效考核").
		SetPeriod(appraisalscheme.PeriodMONTH).SetPassMark(70).SetCreatedAt(f.clock.now()).Save(f.ctx)
	if err != nil {
		return err
	}
	f.note(quality.EventSchemeCreated, row.ID, typeid.SiteID{}, typeid.DepartmentID{})
	for n, i := range schemeIndicators {
		err := f.tx.Indicator.Create().SetSchemeID(row.ID).SetPosition(n).SetMeasure(i.measure).
			SetWeight(i.weight).SetFloor(i.floor).SetTarget(i.target).Exec(f.ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// of returns the department with a code at a site. It is asked only for what the
// plan has.
func (c *company) of(site, code string) *companyDepartment { return c.departments[site+"/"+code] }

// with returns the first person with a role, in the department where one is named
// by its key.
func (c *company) with(role staff.Role, department string) *companyPerson {
	for _, p := range c.people {
		if p.Role == role && (department == "" || p.department.key == department) {
			return p
		}
	}
	return nil
}

// decider returns who may decide about a person's work: the next one above who is
// more than a team lead.
func (p *companyPerson) decider() *companyPerson {
	for above := p.above; above != nil; above = above.above {
		if above.Role != lead {
			return above
		}
	}
	return p
}

// team is everybody who belongs to the department, its head first.
func (d *companyDepartment) team() []*companyPerson {
	return append([]*companyPerson{d.head}, d.crew...)
}
