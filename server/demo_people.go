package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/seed-34fcb60d/rounds/ent/db/customer"
)

// names makes up people and companies, nobody twice.
type names struct {
	random *rand.Rand
	taken  map[string]bool
	guests int // made so far
}

func newNames(random *rand.Rand) *names { return &names{random: random, taken: map[string]bool{}} }

// word is a part of a Chinese name in Chinese and in Pinyin.
type word struct{ zh, en string }

var surnames = []word{
	{"陈", "Chen"}, {"李", "Li"}, {"王", "Wang"}, {"张", "Zhang"}, {"刘", "Liu"}, {"杨", "Yang"}, {"黄", "Huang"}, {"赵", "Zhao"},
	{"周", "Zhou"}, {"吴", "Wu"}, {"徐", "Xu"}, {"孙", "Sun"}, {"朱", "Zhu"}, {"胡", "Hu"}, {"郭", "Guo"}, {"何", "He"},
	{"林", "Lin"}, {"罗", "Luo"}, {"梁", "Liang"}, {"宋", "Song"}, {"唐", "Tang"}, {"许", "Xu"}, {"韩", "Han"}, {"冯", "Feng"},
}

var givenNames = []word{
	{"伟", "Wei"}, {"芳", "Fang"}, {"秀英", "Xiuying"}, {"敏", "Min"}, {"静", "Jing"}, {"丽华", "Lihua"}, {"强", "Qiang"}, {"磊", "Lei"},
	{"洋", "Yang"}, {"艳", "Yan"}, {"勇", "Yong"}, {"杰", "Jie"}, {"娟", "Juan"}, {"涛", "Tao"}, {"明辉", "Minghui"}, {"超", "Chao"},
	{"雪梅", "Xuemei"}, {"志强", "Zhiqiang"}, {"海燕", "Haiyan"}, {"文博", "Wenbo"}, {"子涵", "Zihan"}, {"雨桐", "Yutong"}, {"浩然", "Haoran"},
	{"思远", "Siyuan"}, {"佳怡", "Jiayi"}, {"晓东", "Xiaodong"}, {"建国", "Jianguo"}, {"春梅", "Chunmei"}, {"国栋", "Guodong"}, {"欣然", "Xinran"},
}

var foreignNames = []string{
	"Maria Santos", "Daniel Okafor", "Aiko Tanaka", "Lukas Becker", "Priya Nair", "Sofia Rossi", "James Whitfield", "Elena Petrova",
	"Omar Haddad", "Chloé Martin", "Kim Min-jun", "Nguyễn Thị Lan", "Ahmad Rahman", "Hannah Schmidt", "Carlos Méndez", "Emily Carter",
	"Yusuf Demir", "Anna Kowalska", "Liam O'Brien", "Fatima Zahra", "Noah Andersson", "Isabel Ferreira", "Ravi Sharma", "Grace Mbeki",
	"Thomas Müller", "Sakura Ito", "David Cohen", "Olivia Brown", "Marco Bianchi", "Siti Aminah", "Peter Novák", "Julia Jansen",
}

var businesses = []string{
	"Eastern Star Travel 东星旅行社", "Blue Whale Logistics 蓝鲸物流", "Pearl Bay Trading 珠湾贸易", "Golden Bridge Events 金桥会展",
	"Summit Design Studio 顶峰设计", "Morning Tea Media 早茶传媒", "Redwood Consulting 红杉咨询", "Lotus Pharma 莲和医药",
	"Skyline Aviation Services 云程航服", "Northwind Instruments 北风仪器",
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// chinese is a name that nobody has yet.
func (n *names) chinese() (zh, en string) {
	for {
		family, given := pick(n.random, surnames), pick(n.random, givenNames)
		zh, en = family.zh+given.zh, family.en+" "+given.en
		if !n.taken[zh] {
			n.taken[zh] = true
			return zh, en
		}
	}
}

// foreign is a name that nobody has yet, false when there are no more.
func (n *names) foreign() (string, bool) {
	for range 8 {
		name := pick(n.random, foreignNames)
		if !n.taken[name] {
			n.taken[name] = true
			return name, true
		}
	}
	return "", false
}

// staff is a name as on a badge: "陈伟 Chen Wei", or a foreign one.
func (n *names) staff() string {
	if n.random.IntN(9) == 0 {
		if name, ok := n.foreign(); ok {
			return name
		}
	}
	zh, en := n.chinese()
	return zh + " " + en
}

// guest is a customer with contact data that reach nobody: e-mail addresses of the
// domain that is reserved for examples (RFC 2606), and telephone numbers that
// regulators keep free for fiction or that no operator can give out. What the
// customer has not told is "".
type guest struct {
	name, phone, email, source string
	kind                       customer.Kind
}

var sources = []string{
	"returning guest", "friend's recommendation", "travel agency", "online booking platform", "search engine", "WeChat account",
	"outdoor advertisement", "newspaper", "walked in", "corporate contract",
}

func (n *names) guest() guest {
	n.guests++
	g := guest{kind: customer.KindPERSON, source: pick(n.random, sources)}
	local := ""
	name, foreign := "", false
	if n.random.IntN(7) == 0 {
		name, foreign = n.foreign()
	}
	switch {
	case n.guests%17 == 0 && !n.taken[businesses[n.guests/17%len(businesses)]]:
		g.kind, g.name = customer.KindCOMPANY, businesses[n.guests/17%len(businesses)]
		n.taken[g.name] = true
		local, g.phone = fmt.Sprintf("office%03d", n.guests), chinesePhone(n.guests)
	case foreign:
		g.name, local, g.phone = name, fmt.Sprintf("guest%03d", n.guests), foreignPhone(n.guests)
	default:
		zh, en := n.chinese()
		g.name, local, g.phone = zh, strings.ToLower(strings.ReplaceAll(en, " ", "."))+fmt.Sprint(n.guests), chinesePhone(n.guests)
	}
	g.email = local + "@example.com"
	switch n.random.IntN(10) {
	case 0, 1, 2:
		g.email = ""
	case 3:
		g.phone = ""
	}
	return g
}

// chinesePhone has the length of a mobile number, but begins with 120, the
// emergency call: no mobile number does.
func chinesePhone(n int) string { return fmt.Sprintf("120 0000 %04d", n) }

// foreignPhone is from the numbers reserved for drama: Ofcom's 07700 900000 to
// 900999, and 555-0100 to 555-0199 of the North American plan.
func foreignPhone(n int) string {
	if n%2 == 0 {
		return fmt.Sprintf("+44 7700 900%03d", n%1000)
	}
	return fmt.Sprintf("+1 202 555 01%02d", n%100)
}
