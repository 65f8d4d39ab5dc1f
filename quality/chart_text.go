package quality

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
)

// ruleTexts say what the rules of control charts look for. Zones are one standard
// deviation wide.
var ruleTexts = map[spc.Rule]checklist.Text{
	OutsideLimits:        text("A value lies outside the limits of its item.", "测量值超出该项目的规定限值。"),
	spc.Nelson1:          text("A point lies more than three standard deviations off the centre line.", "一个点距中心线超过三倍标准差。"),
	spc.Nelson2:          text("Nine points in a row lie on one side of the centre line.", "连续九个点落在中心线同一侧。"),
	spc.Nelson3:          text("Six points in a row rise, or fall.", "连续六个点递增或递减。"),
	spc.Nelson4:          text("Fourteen points in a row go up and down by turns.", "连续十四个点交替上下。"),
	spc.Nelson5:          text("Two of three points in a row lie more than two standard deviations off, on one side.", "连续三点中有两点在同一侧超过两倍标准差。"),
	spc.Nelson6:          text("Four of five points in a row lie more than one standard deviation off, on one side.", "连续五点中有四点在同一侧超过一倍标准差。"),
	spc.Nelson7:          text("Fifteen points in a row lie less than one standard deviation off.", "连续十五个点落在一倍标准差以内。"),
	spc.Nelson8:          text("Eight points in a row lie more than one standard deviation off, on either side.", "连续八个点均超过一倍标准差（不论哪一侧）。"),
	spc.WesternElectric1: text("A point lies more than three standard deviations off.", "一个点超过三倍标准差。"),
	spc.WesternElectric2: text("Two of three points in a row lie more than two standard deviations off, on one side.", "连续三点中有两点在同一侧超过两倍标准差。"),
	spc.WesternElectric3: text("Four of five points in a row lie more than one standard deviation off, on one side.", "连续五点中有四点在同一侧超过一倍标准差。"),
	spc.WesternElectric4: text("Eight points in a row lie on one side of the centre line.", "连续八个点落在中心线同一侧。"),
}

// RuleText says what a rule of control charts looks for.
func RuleText(r spc.Rule) checklist.Text { return ruleTexts[r] }

// problemTexts say why a chart has no limits.
var problemTexts = map[ChartProblem]checklist.Text{
	NoPoints:         text("Nothing was measured in this time that you may see.", "该时段内没有您可查看的测量数据。"),
	TooFewPoints:     text("There are too few points to estimate limits from.", "数据点太少，无法估计控制限。"),
	SizesDiffer:      text("The intervals hold differing numbers of inspections: ask for a chart of rates (U).", "各时段的检查次数不同，请改用单位缺陷数图（U 图）。"),
	SubgroupTooLarge: text("An interval holds more than 25 values: ask for a shorter one.", "某一时段的数值超过 25 个，请选用更短的时段。"),
	NotChartable:     text("There are values too large to reckon with.", "存在过大而无法计算的数值。"),
}

// ProblemText says why a chart has no limits.
func ProblemText(p ChartProblem) checklist.Text { return problemTexts[p] }

// statisticTexts name what a series of points shows.
var statisticTexts = map[spc.Statistic]checklist.Text{
	spc.Value: text("Value", "单值"), spc.MovingRange: text("Moving range", "移动极差"), spc.Mean: text("Mean", "均值"), spc.Range: text("Range", "极差"),
	spc.StandardDeviation: text("Standard deviation", "标准差"), spc.Share: text("Share of failed answers", "不合格率"),
	spc.Number: text("Failed answers", "不合格数"), spc.Rate: text("Failed answers per inspection", "每次检查不合格数"),
}
