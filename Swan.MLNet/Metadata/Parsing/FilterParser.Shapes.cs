namespace Swan.MLNet.Metadata;

internal sealed partial class FilterParser
{
    // shape = "box" "(" west "," south "," east "," north ")" | "polygon" "(" ring { "," ring } ")"
    private FilterTerm Placed(FilterToken name, PlacementKind kind)
    {
        int start = _token.Start;
        if (TryWord("box"))
        {
            Require("(", "'('");
            double west = Coordinate("west"), south = Next("south"), east = Next("east"), north = Next("north");
            Require(")", "')'");
            if (SwanBox.Fault(west, south, east, north) is { } fault) throw ErrorFrom(start, fault);
            return Checked(name.Start, new Placement(name.Text, kind, new SwanBox(west, south, east, north)));
        }
        if (TryWord("polygon"))
        {
            Require("(", "'('");
            List<List<SwanPoint>> rings = [];
            do rings.Add(Ring());
            while (TrySymbol(","));
            Require(")", "',' or ')'");
            if (SwanPolygon.Fault(rings) is { } fault) throw ErrorFrom(start, fault);
            return Checked(name.Start, new Placement(name.Text, kind, new SwanPolygon(rings)));
        }
        throw Expected("box(west, south, east, north) or polygon((x y, x y, x y))");
    }

    // ring = "(" x y { "," x y } ")"
    private List<SwanPoint> Ring()
    {
        Require("(", "'(' and a ring of points, as in polygon((0 0, 1 0, 1 1))");
        List<SwanPoint> ring = [];
        do
        {
            if (++_values > FilterLimits.MaxValues) throw Error(FilterLimits.TooManyValues);
            double x = Coordinate("x");
            if (_token.IsSymbol(",")) throw Expected("y", " Put a space between x and y, and a comma between points.");
            ring.Add(new SwanPoint(x, Coordinate("y")));
        }
        while (TrySymbol(","));
        Require(")", "',' and the next point, or ')'");
        return ring;
    }

    private double Next(string what)
    {
        Require(",", $"',' and {what}: a box is box(west, south, east, north)");
        return Coordinate(what);
    }

    private double Coordinate(string what)
    {
        if (_token.Value.Content is not double value) throw Expected($"{what}, a number");
        Advance();
        return value;
    }
}
