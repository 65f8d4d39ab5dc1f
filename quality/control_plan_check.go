package quality

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
	"github.com/seed-34fcb60d/rounds/quality/rules/schedule"
)

// Limits of a control plan.
const (
	maxActivity    = 200   // characters
	maxPlanItems   = 500   // items, and adjustments
	maxSubjects    = 200   // places or people
	maxWeight      = 1_000 // of an item
	maxPlannedOnce = 1_000 // inspections within the time that is planned ahead
)

// check completes what is said of a plan of a department, and says what is wrong with
// it.
func (in *PlanDetails) check(ctx context.Context, tx *db.Tx, of *db.Department, now time.Time) error {
	var bad check
	in.checkActivity(&bad)
	bad.text(&in.Checklist, maxCode, "plan", "checklist")
	in.checkTimes(&bad, now)
	in.checkSample(&bad)
	if bad.err() != nil {
		return bad.err()
	}
	if err := in.checkPeople(ctx, tx, of.SiteID); err != nil {
		return err
	}
	if err := in.checkChecklist(ctx, tx); err != nil {
		return err
	}
	return in.checkSchedule(ctx, tx, of, now)
}

func (in *PlanDetails) checkActivity(bad *check) {
	bad.optional(&in.ActivityEn, maxActivity, "plan", "activityEn")
	bad.optional(&in.ActivityZh, maxActivity, "plan", "activityZh")
	switch {
	case in.ActivityEn == nil && in.ActivityZh == nil:
		bad.add(Required, "Say in one language at least what is inspected.", "请至少用一种语言说明检查的活动。", "plan", "activityEn")
	case in.ActivityEn == nil:
		in.ActivityEn = in.ActivityZh
	case in.ActivityZh == nil:
		in.ActivityZh = in.ActivityEn
	}
	if (in.ResponsibleID == nil) == (in.ResponsibleRole == nil) {
		bad.add(Required, "Say a person or a role, one of the two.", "请指定责任人或责任岗位，二者选一。", "plan", "responsibleId")
	}
	if in.ResponsibleRole != nil && *in.ResponsibleRole == ent.Integrator {
		bad.add(Invalid, "An inspection is made by a person.", "检查须由员工执行。", "plan", "responsibleRole")
	}
}

// checkTimes checks how often, but for the rule itself.
func (in *PlanDetails) checkTimes(bad *check, now time.Time) {
	switch {
	case in.AtShifts && (in.Rule != nil || in.Within != nil):
		bad.add(Invalid, "At shifts, it is the rota that says when.", "按班次检查时，时间由排班决定。", "plan", "atShifts")
	case !in.AtShifts && in.Rule == nil:
		bad.add(Required, "Say by a rule how often, or let it be at shifts.", "请填写重复规则，或选择按班次检查。", "plan", "rule")
	case !in.AtShifts && in.Within == nil:
		bad.add(Required, "Say within which time an inspection is to be done.", "请填写完成检查的时限。", "plan", "within")
	}
	if in.ActiveFrom == nil {
		in.ActiveFrom = &now
	}
	if in.ActiveUntil != nil && !in.ActiveUntil.After(*in.ActiveFrom) {
		bad.add(Invalid, "This must be after the time from which on the plan holds.", "必须晚于生效时间。", "plan", "activeUntil")
	}
}

func (in *PlanDetails) checkSample(bad *check) {
	if len(in.Places) > 0 && len(in.PersonIDs) > 0 {
		bad.add(Invalid, "Say places or people, not both.", "抽查对象只能为地点或人员之一。", "plan", "personIds")
	}
	for path, n := range map[string]int{"places": len(in.Places), "personIds": len(in.PersonIDs)} {
		if n > maxSubjects {
			bad.tooMany(n, maxSubjects, "plan", path)
		}
	}
	for n := range in.Places {
		bad.line(&in.Places[n], maxPlace, "plan", "places", strconv.Itoa(n))
		if slices.Contains(in.Places[:n], in.Places[n]) {
			bad.add(Duplicate, "This place is named twice.", "此地点重复。", "plan", "places", strconv.Itoa(n))
		}
	}
	all := in.Sample == "ALL"
	switch {
	case all && in.SampleSize != nil:
		bad.add(Invalid, "There is no size where all are inspected.", "全部检查时无需填写抽样数量。", "plan", "sampleSize")
	case !all && in.SampleSize == nil:
		bad.add(Required, "Say how many are chosen.", "请填写抽样数量。", "plan", "sampleSize")
	case !all && (*in.SampleSize < 1 || *in.SampleSize > maxSubjects):
		bad.add(Invalid, fmt.Sprintf("This must be from 1 to %d.", maxSubjects), fmt.Sprintf("必须在 1 至 %d 之间。", maxSubjects), "plan", "sampleSize")
	case !all && len(in.Places)+len(in.PersonIDs) == 0:
		bad.add(Required, "Say of which places or people some are chosen.", "请填写抽样的地点或人员。", "plan", "places")
	}
	if in.Seed != nil && *in.Seed < 0 {
		bad.add(Invalid, "This must not be negative.", "不能为负数。", "plan", "seed")
	}
	if in.Seed == nil {
		in.Seed = new(rand.IntN(math.MaxInt32))
	}
}

// checkPeople checks who is responsible, and who is inspected: people of the site who
// have not left.
func (in *PlanDetails) checkPeople(ctx context.Context, tx *db.Tx, site typeid.SiteID) error {
	if in.ResponsibleID != nil {
		person, err := tx.Staff.Get(ctx, *in.ResponsibleID)
		if err := seen(person, err)("plan", "responsibleId"); err != nil {
			return err
		}
		if !person.Active {
			return reject(Invalid, text("This person has left.", "该员工已离职。"), "plan", "responsibleId")
		}
	}
	known, err := tx.Staff.Query().Where(staff.IDIn(in.PersonIDs...), staff.SiteID(site), staff.Active(true)).IDs(ctx)
	if err != nil {
		return fmt.Errorf("looking up the people of a control plan: %w", err)
	}
	var bad check
	for n, id := range in.PersonIDs {
		switch {
		case !slices.Contains(known, id):
			bad.add(NotFound, "Nobody who works at this site has this id.", "该营业点没有此在职员工。", "plan", "personIds", strconv.Itoa(n))
		case slices.Contains(in.PersonIDs[:n], id):
			bad.add(Duplicate, "This person is named twice.", "此员工重复。", "plan", "personIds", strconv.Itoa(n))
		}
	}
	return bad.err()
}

// checkChecklist checks items and adjustments against the checklist as it is now.
func (in *PlanDetails) checkChecklist(ctx context.Context, tx *db.Tx) error {
	version, err := tx.ChecklistVersion.Query().Where(checklistversion.Code(in.Checklist), checklistversion.Current(true)).Only(ctx)
	if err := seen(version, err)("plan", "checklist"); err != nil {
		return err
	}
	var definition checklist.Definition
	if err := json.Unmarshal(version.Definition, &definition); err != nil {
		return fmt.Errorf("decoding the checklist %s: %w", version.ID, err)
	}
	items := rules.Items(definition)
	var bad check
	if len(in.Items) > maxPlanItems {
		bad.tooMany(len(in.Items), maxPlanItems, "plan", "items")
		return bad.err()
	}
	for n, id := range in.Items {
		item, known := items[id]
		at := []string{"plan", "items", strconv.Itoa(n)}
		switch {
		case !known:
			bad.add(NotFound, "The checklist has no such item.", "检查表中没有此项目。", at...)
		case slices.Contains(in.Items[:n], id):
			bad.add(Duplicate, "This item is named twice.", "此项目重复。", at...)
		case slices.ContainsFunc(item.When, func(c checklist.Condition) bool { return !slices.Contains(in.Items, c.Item) }):
			bad.add(Invalid, "It depends on the answer to an item that is left out.", "该项目取决于未选项目的答案。", at...)
		}
	}
	if len(in.Adjustments) > 0 && !slices.Contains(version.Capabilities, string(checklist.CanAdjust)) {
		bad.add(Rejected, "The plugin of this checklist does not take other weights and limits than its own.", "该检查表的插件不支持调整权重和限值。", "plan", "adjustments")
		return bad.err()
	}
	in.checkAdjustments(&bad, items)
	return bad.err()
}

func (in *PlanDetails) checkAdjustments(bad *check, items map[string]checklist.Item) {
	if len(in.Adjustments) > maxPlanItems {
		bad.tooMany(len(in.Adjustments), maxPlanItems, "plan", "adjustments")
		return
	}
	for n, a := range in.Adjustments {
		at := []string{"plan", "adjustments", strconv.Itoa(n)}
		twice := slices.ContainsFunc(in.Adjustments[:n], func(other ItemAdjustment) bool { return other.Item == a.Item })
		switch item, known := items[a.Item]; {
		case !known || len(in.Items) > 0 && !slices.Contains(in.Items, a.Item):
			bad.add(NotFound, "The plan has no such item.", "没有此检查项目。", append(at, "item")...)
		case twice:
			bad.add(Duplicate, "This item is adjusted twice.", "此项目重复调整。", append(at, "item")...)
		case a.Weight == nil && a.LowerLimit == nil && a.UpperLimit == nil:
			bad.add(Required, "Say a weight or limits.", "请填写权重或限值。", at...)
		default:
			if problem := misfit(item, a.forPlugin()); problem != nil {
				bad.add(Invalid, problem.EN, problem.ZH, at...)
			}
		}
	}
}

// misfit says why an adjustment does not fit an item, nil if it does (see
// [checklist.Adjustment]).
func misfit(item checklist.Item, a checklist.Adjustment) *checklist.Text {
	scored := item.Kind != checklist.Prose && item.Kind != checklist.Photo && item.Kind != checklist.Signature
	if w := a.Weight; w != nil {
		switch thousandths := math.Round(*w * 1000); {
		case !(*w >= 0 && *w <= maxWeight) || math.Abs(*w*1000-thousandths) > 1e-6:
			return &checklist.Text{EN: "A weight is from 0 to 1,000 in steps of 0.001.", ZH: "权重应在 0 至 1,000 之间，最多三位小数。"}
		case !scored:
			return &checklist.Text{EN: "This item is not scored.", ZH: "该项目不计分。"}
		case item.Key && *w == 0:
			return &checklist.Text{EN: "A key activity counts.", ZH: "关键活动的权重不能为零。"}
		}
	}
	if l := a.Limits; l != nil {
		switch {
		case item.Limits == nil:
			return &checklist.Text{EN: "This item has no limits.", ZH: "该项目没有限值。"}
		case !finite(l.Lower) || !finite(l.Upper) || l.Lower != nil && l.Upper != nil && *l.Lower > *l.Upper:
			return &checklist.Text{EN: "The lower limit must not be above the upper one.", ZH: "下限不能高于上限。"}
		}
	}
	return nil
}

func finite(f *float64) bool { return f == nil || !math.IsNaN(*f) && !math.IsInf(*f, 0) }

// checkSchedule checks the rule, and that it does not make more than can be done.
func (in *PlanDetails) checkSchedule(ctx context.Context, tx *db.Tx, of *db.Department, now time.Time) error {
	hours, _, err := calendarOf(ctx, tx.Client(), of.SiteID, of.ID)
	if err != nil {
		return err
	}
	if in.StartsOn == nil {
		in.StartsOn = new(now.In(hours.Zone()).Format(time.DateOnly))
	}
	p, err := in.record(of)
	if err != nil {
		return err
	}
	found, err := occurrences(ctx, tx.Client(), p, now, now.Add(planAhead))
	if err != nil {
		return refusedSchedule(err)
	}
	if n := len(found) * max(1, sampled(p, len(p.Places)+len(p.People))); n > maxPlannedOnce {
		return reject(Invalid, text(fmt.Sprintf("This would be %d inspections within two weeks; at most %d can be planned.", n, maxPlannedOnce),
			fmt.Sprintf("两周内将产生 %d 次检查，最多允许 %d 次。", n, maxPlannedOnce)), "plan", "rule")
	}
	return nil
}

// refusedSchedule tells what is wrong with how often a plan recurs.
func refusedSchedule(err error) error {
	if errors.Is(err, calendar.ErrNeverOpens) {
		return reject(Invalid, text("The department's calendar is not open long enough for this.", "部门日历的开放时间不足。"), "plan", "within")
	}
	var refused *schedule.PlanError
	if !errors.As(err, &refused) {
		return err
	}
	var bad check
	for _, code := range refused.Codes {
		t, known := scheduleProblems[code]
		if !known {
			t = scheduleProblem{"rule", text("This is not a rule that recurs on days (an RRULE of RFC 5545, FREQ=DAILY to YEARLY).",
				"不是有效的按日重复规则（RFC 5545 的 RRULE，FREQ 为 DAILY 至 YEARLY）。")}
		}
		bad.add(Invalid, t.text.EN, t.text.ZH, "plan", t.field)
	}
	return bad.err()
}

type scheduleProblem struct {
	field string
	text  checklist.Text
}

// scheduleProblems are those that have a text of their own.
var scheduleProblems = map[schedule.Code]scheduleProblem{
	schedule.RuleLong:      {"rule", text("The rule is too long.", "规则过长。")},
	schedule.Frequency:     {"rule", text("For several times a day, name the hours by BYHOUR, or let it be at shifts.", "一天多次请用 BYHOUR 指定小时，或选择按班次检查。")},
	schedule.TooManyADay:   {"rule", text("These are more than 24 times a day, or more than ten positions.", "每天超过 24 次，或位置超过十个。")},
	schedule.NeverOccurs:   {"rule", text("There is no such day.", "按此规则没有任何日期。")},
	schedule.CountAndUntil: {"rule", text("A rule ends by COUNT or by UNTIL.", "COUNT 与 UNTIL 只能使用其一。")},
	schedule.StartRange:    {"startsOn", text("This must be a day from 1970 to 2199.", "日期应在 1970 至 2199 年之间。")},
	schedule.AtRange:       {"at", text("This must be a time from 00:00 to 23:59.", "时间应在 00:00 至 23:59 之间。")},
	schedule.LimitsRange:   {"within", text("An inspection has more than no time, and at most 366 days of open hours.", "时限须大于零，且不超过 366 天。")},
}
