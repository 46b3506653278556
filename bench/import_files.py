#!/usr/bin/env python3
"""Makes the files that `imports.sh` sends: members, the same with other phones, contacts with a link."""

import csv
import os
import pathlib
import random
import sys

FAMILY = "王李张刘陈杨赵黄周吴徐孙马胡朱郭何高林罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文"
UNIT = ["鹤岗市", "第", "人民医院", "实验小学", "商贸有限公司", "煤矿机械厂", "律师事务所", "林业局", "社区居委会"]


def main(folder):
    draw = random.Random(1158)
    rows = int(os.environ["ROWS"])
    sectors, divisions = os.environ["SECTORS"].split(), os.environ["DIVISIONS"].split()

    def name():
        return draw.choice(FAMILY) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2))))

    def unit(n):
        return f"{UNIT[0]}{UNIT[1]}{n % 97}{draw.choice(UNIT[2:])}"

    def write(file, heading, lines):
        with open(folder / file, "w", newline="", encoding="utf-8") as out:
            table = csv.writer(out)
            table.writerow(heading)
            table.writerows(lines)

    heading = ["外部编号", "编号", "姓名", "手机", "工作单位", "界别", "任职时间"]
    members = [
        [f"m{n}", f"BM{n:06}", name(), f"138 {n:08}"[:13], unit(n), draw.choice(sectors), "2024.3.8"]
        for n in range(rows)
    ]
    write("members.csv", heading, members)
    write("changed.csv", heading, [[*m[:3], f"139{n:08}", *m[4:]] for n, m in enumerate(members)])
    heading = ["外部编号", "编号", "姓名", "手机", "类别", "单位", "区划", "联系委员", "起始日期"]
    contacts = [
        [f"c{n}", f"BC{n:06}", name(), f"137{n:08}", draw.choice(("企业", "社区", "村")), unit(n),
         draw.choice(divisions), f"BM{n:06}", "2024.3.8"]
        for n in range(rows)
    ]
    write("contacts.csv", heading, contacts)


main(pathlib.Path(sys.argv[1]))
