"""`oms import stock-targets`: what locations should hold."""

from tests.cli.test_import import Import, Query, rows, run

__all__ = ["rows", "run"]

HEADER = "location_id,sku,safety_stock,maximum,least_cover_days,most_cover_days\n"


def known(run: Import) -> None:
    run("locations", "location_id,kind,lat,lng\nden,dc,39.7,-105\n")
    run("products", "sku,weight_g\nMUG,300\nCUP,200\n")
    run("stock", "location_id,sku,on_hand\nden,MUG,9\n")


def test_targets_are_set_also_of_cells_that_never_held_stock(run: Import, rows: Query) -> None:
    known(run)

    assert run("stock-targets", HEADER + "den,MUG,2,40,7,60\nden,CUP,1,,,\n").output == "2 stock targets\n"

    targets = (
        "SELECT sku, on_hand, safety_stock, maximum, least_cover_days, most_cover_days FROM stock ORDER BY 1"
    )
    assert rows(targets) == [("CUP", 0, 1, None, None, None), ("MUG", 9, 2, 40, 7, 60)]


def test_every_wrong_cell_is_told_by_its_line_and_nothing_is_written(run: Import, rows: Query) -> None:
    known(run)

    wrong = run("stock-targets", HEADER + "den,MUG,5,4,,\nden,CUP,1,,9,8\nden,CUP,-1,,,\n")
    unknown = run("stock-targets", HEADER + "mars,MUG,1,,,\nden,PLATE,1,,,\n")

    assert wrong.exit_code == unknown.exit_code == 1
    assert "file.csv:2: maximum: below the safety stock" in wrong.output
    assert "file.csv:3: most_cover_days: below least_cover_days" in wrong.output
    assert "file.csv:4: safety_stock:" in wrong.output
    assert "file.csv:2: location_id: there is no location mars" in unknown.output
    assert "file.csv:3: sku: there is no product PLATE" in unknown.output
    assert rows("SELECT safety_stock FROM stock") == [(0,)]
