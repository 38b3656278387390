"""What the trigger words alone hear: of every loose word its harmless use and the cry it was written for."""

from __future__ import annotations

import pytest

from tests.unit.safety.conftest import DATA
from xiaoxiao.safety.detector import Detector

HARMLESS = [
    "我要真人,不跟机器说",
    "现在是人工还是机器在回",
    "录音会放在机器里吗",
    "药盒侧面有一串数字",
    "轮子压了黄线",
    "公交司机不让刷卡",
    "三轮车横冲直撞,吵得很",
    "奖金打我卡上",
    "晚点打我电话",
    "陌生号码一直打我",
    "暖气摸着跟冰一样",
    "洗衣机吵得人睡不着",
    "沙坑里都是烟头",
    "打火器的电池是几号",
    "灯杆倒了一根",
    "路灯黑了好久",
    "房子墙上有裂缝",
    "后山有条裂缝",
    "河边停着一条废船,油往外漏",
    "空调遥控器没反应",
    "zhengwu fuwu",
    "you are so smart",
    "I also send photos",
    "你有心跳没",
    "屋里贼拉冷",
    "围着看热闹的人很多",
    "突然倒计时响了",
    "Rumor says a dam collapsed",
    "How do I get compensation after a car accident",
    "三年前那场大火烧了我家",
    "去年的车祸,误工费怎么算",
    "他撞了人,我们该赔多少",
    "邻居家着火烧了我家,找谁赔",
    "洪水冲了大棚,有没有补助",
    "昏迷以后黄金抢救时间是多久",
    "想不开的人怎么劝",
    "梦见亲人掉河里",
    "防溺水承诺书在哪下载",
    "厂子炸了,有没有这回事",
    "学校要爆炸是瞎编的吧",
    "矿上瞒报塌方埋人的事,我要举报",
    "有人往窨井里偷倒泔水",
    "燃气管子没漏,请来换软管",
    "砖头顶着防火门",
    "老头去遛弯了,手机没带,他常这样",
    "尴尬得想消失",
    "扛不住了,来杯咖啡",
    "被追尾了找谁定损",
    "kong tiao lou shui",
    "hai zi shang hu kou",
    "this traffic is killing me",
]

CRIES = [
    ("bleeding", "他的手被机器卷进去了"),
    ("trapped", "衣服让绞肉机夹住了"),
    ("suicide", "安眠药一颗一颗数好了"),
    ("traffic", "轮子压着他的腿"),
    ("traffic", "司机卡在驾驶室里"),
    ("traffic", "三轮车撞了人"),
    ("violence", "我要炸了你们单位"),
    ("violence", "老公打我"),
    ("violence", "他一直打我"),
    ("fire", "烤箱着了"),
    ("fire", "屋里全是烟"),
    ("fire", "充电的电池冒火了"),
    ("electric", "路灯漏电,人倒了"),
    ("electric", "电线垂下来了"),
    ("other", "后山裂了,石头往下掉"),
    ("drowning", "船漏水了,我们在湖中间"),
    ("poisoning", "车库里开空调睡着没反应了"),
    ("poisoning", "wufu nongyao"),
    ("other", "SOS"),
    ("other", "🆘快来"),
    ("cardiac", "他心跳没了"),
    ("violence", "贼进屋了"),
    ("violence", "一伙人围着一个人打"),
    ("missing_child", "wo nai nai bu jian le"),
    ("other", "my neighbour is screaming for help"),
    ("cardiac", "my dad collapsed"),
    ("trapped", "the ceiling collapsed on my grandma"),
    ("suicide", "ta chi le yi ping an mian yao"),
    ("traffic", "car accident, people hurt"),
    ("fire", "着火了,会不会赔先别管,快来"),
    ("trapped", "房子塌了,没人来救我们"),
    ("gas", "煤气味散了一屋子"),
    ("gas", "晚上回家楼道一股煤气味"),
    ("suicide", "我朋友想不开,怎么劝"),
    ("suicide", "怎么安慰想不开的朋友"),
    ("drowning", "有人掉河里了"),
    ("fraud_in_progress", "他说赔偿要先转到安全账户"),
    ("trapped", "有人掉窨井里没声了"),
    ("gas", "燃气管子裂了"),
    ("gas", "燃气报警器响,没闻到味"),
    ("missing_child", "老头出去遛弯没回,手机没带"),
    ("suicide", "我好想消失"),
    ("suicide", "扛不住了,不想活"),
    ("violence", "我被追着砍"),
    ("suicide", "ta yao tiao lou"),
]


@pytest.fixture(scope="module")
def words() -> Detector:
    return Detector.load_words(DATA / "lexicon" / "danger")


@pytest.mark.parametrize("text", HARMLESS)
def test_an_everyday_use_of_the_word_is_not_heard(words: Detector, text: str) -> None:
    assert words.detect(text) is None


@pytest.mark.parametrize(("kind", "text"), CRIES)
def test_the_cry_it_was_written_for_is(words: Detector, kind: str, text: str) -> None:
    danger = words.detect(text)
    assert danger is not None
    assert kind == danger.kind


@pytest.mark.parametrize("text", ["小孩呢", "在车里呢", "被咬了", "煤气"])
def test_a_word_or_two_tells_no_scene(detector: Detector, text: str) -> None:
    """They complete what was said before; only trigger words count in them."""
    assert detector.detect(text) is None
