"""The demo's matter catalogue: what the newspaper page is about, as matters with units and limits."""

from typing import NamedTuple


class Line(NamedTuple):
    """One matter. `flags`: s may be handled on the spot, b needs a photo before, a a photo after."""

    name: str
    name_en: str
    unit: str
    urgency: str = "ordinary"
    flags: str = ""
    limit: str = ""
    words: str = ""


# Unit codes are those of `people.DEPARTMENTS`; "@street" is the subdistrict office of the place.
GROUPS: list[tuple[str, str, list[Line]]] = [
    ("市容环境", "City appearance", [
        Line("违规小菜园", "Vegetable plots on public green", "@street", flags="ba", words="毁绿种菜 菜园 围挡 种菜"),
        Line("暴露垃圾", "Uncollected litter", "CGJ", flags="s", limit="2d", words="垃圾 脏 臭"),
        Line("占道经营", "Stalls on the pavement", "CGJ", words="摆摊 占道 摊贩"),
        Line("乱贴乱画", "Posters and graffiti", "@street", flags="sa", limit="2d", words="小广告 涂鸦"),
        Line("店外堆放", "Goods outside shops", "CGJ", flags="s", words="堆放 门前三包"),
        Line("绿化破损", "Damaged greenery", "YLJ", words="草坪 树 死树 修剪"),
        Line("违规户外广告", "Unapproved signs", "CGJ", words="广告牌 招牌"),
        Line("公厕保洁", "Public toilets", "HWZ", flags="s", words="公厕 厕所"),
    ]),
    ("老旧小区", "Old compounds", [
        Line("飞线充电", "Charging by flying wires", "@street", "urgent", "ba", words="飞线 电动车 充电"),
        Line("充电端口不足", "Too few charging ports", "ZJJ", "difficult", words="充电桩 充电端口"),
        Line("楼道堆物", "Things stored in stairways", "@street", flags="sa", limit="3d", words="楼道 杂物"),
        Line("单元门损坏", "Broken entrance doors", "ZJJ", words="单元门 门禁"),
        Line("楼顶漏水", "Leaking roofs", "ZJJ", "difficult", "b", words="漏水 渗水 屋顶"),
        Line("物业服务", "Property service", "ZJJ", words="物业 不作为 收费"),
        Line("路灯不亮", "Lights out in a compound", "ZJJ", limit="3d", words="路灯 黑"),
        Line("改造施工扰民", "Nuisance from renovation works", "ZJJ", words="施工 改造"),
    ]),
    ("背街小巷", "Back lanes", [
        Line("路面破损", "Broken surface", "SZC", flags="ba", words="坑 路面 破损"),
        Line("巷道积水", "Standing water", "SZC", words="积水 水坑"),
        Line("巷道照明", "Lane lighting", "SZC", words="路灯 照明"),
        Line("私搭乱建", "Unapproved building", "CGJ", "difficult", "b", words="违建 搭建"),
        Line("特色街巷维护", "Upkeep of themed lanes", "@street", flags="s", words="文化墙 特色街巷"),
    ]),
    ("杂乱线缆", "Tangled cables", [
        Line("空中飞线", "Cables in the air", "TXB", flags="ba", words="线缆 蜘蛛网 电线"),
        Line("线缆下垂", "Hanging cables", "TXB", "urgent", words="下垂 掉落"),
        Line("废弃线杆", "Abandoned poles", "TXB", words="线杆 电线杆"),
        Line("线箱破损", "Broken cabinets", "TXB", words="光交箱 线箱"),
    ]),
    ("交通秩序", "Traffic", [
        Line("机动车乱停", "Cars parked anywhere", "JJD", limit="2d", words="乱停 停车"),
        Line("非机动车乱停", "Bicycles parked anywhere", "CGJ", flags="s", limit="2d", words="共享单车 电动车"),
        Line("信号灯故障", "Traffic lights out of order", "JJD", "urgent", words="红绿灯 信号灯"),
        Line("标线不清", "Worn road markings", "JJD", words="标线 斑马线"),
        Line("护栏损坏", "Broken railings", "JJD", words="护栏"),
    ]),
    ("消防安全", "Fire safety", [
        Line("消防通道堵塞", "Blocked fire lane", "XFD", "urgent", "ba", words="消防通道 堵塞"),
        Line("消防栓无水", "Dry hydrants", "XFD", "urgent", words="消防栓"),
        Line("灭火器缺失", "Missing extinguishers", "XFD", flags="s", words="灭火器"),
        Line("电动车入楼", "E-bikes in buildings", "@street", "urgent", "sa", words="电动车 上楼"),
        Line("燃气异味", "Smell of gas", "RQG", "critical", words="煤气 燃气 泄漏"),
    ]),
    ("水电气暖", "Water, power, gas, heat", [
        Line("自来水爆管", "Burst water pipe", "SWJ", "urgent", words="水管 爆管 停水"),
        Line("停电", "Power cut", "GDG", "urgent", words="停电 断电"),
        Line("水压不足", "Low water pressure", "SWJ", words="水压"),
        Line("暖气不热", "Cold radiators", "RQG", words="暖气 供暖"),
        Line("井盖缺失", "Missing manhole cover", "SZC", "critical", "a", words="井盖"),
        Line("下水堵塞", "Blocked drain", "SZC", limit="3d", words="下水 堵 污水"),
    ]),
    ("环境保护", "Environment", [
        Line("噪音扰民", "Noise", "HBJ", words="噪音 噪声 吵"),
        Line("油烟扰民", "Kitchen fumes", "HBJ", words="油烟 饭店"),
        Line("扬尘", "Dust", "HBJ", limit="3d", words="扬尘 灰尘"),
        Line("露天焚烧", "Burning in the open", "HBJ", "urgent", words="焚烧 秸秆"),
        Line("黑臭水体", "Foul water", "SWJ", "difficult", words="河 臭水"),
    ]),
    ("城乡融合", "Town and country", [
        Line("耕地非农化", "Farmland built over", "ZRJ", "difficult", "b", words="耕地 占用"),
        Line("耕地非粮化", "Farmland without grain", "NYJ", "difficult", words="耕地 种树"),
        Line("村道破损", "Broken village roads", "JTJ", words="村道 村路"),
        Line("农村坑塘", "Village ponds", "NYJ", words="坑塘"),
        Line("人居环境", "Village tidiness", "@street", flags="s", words="村容 垃圾"),
    ]),
    ("民生服务", "Services", [
        Line("就业帮扶", "Help to find work", "RSJ", words="就业 招聘 工资"),
        Line("养老托幼", "Care of old and young", "MZJ", words="养老 托育"),
        Line("矛盾纠纷", "Disputes between neighbours", "@street", words="纠纷 邻里"),
        Line("社保咨询", "Social insurance questions", "RSJ", limit="3d", words="社保 医保"),
        Line("学校周边", "Around schools", "JYJ", words="学校 上学"),
        Line("暖心驿站", "Warm stations", "@street", flags="s", words="驿站 饮水"),
    ]),
    ("项目与征迁", "Projects and relocation", [
        Line("征迁政策咨询", "Questions on relocation", "@street", words="拆迁 征迁 补偿"),
        Line("工地管理", "Building sites", "ZJJ", words="工地 围挡 渣土"),
        Line("安置房质量", "Quality of resettlement housing", "ZJJ", "difficult", "b", words="安置房"),
    ]),
]  # fmt: skip


def lines() -> list[Line]:
    """Every matter that a case can be filed under."""
    return [line for _name, _name_en, group in GROUPS for line in group]
