using CsCheck;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

public sealed class PolygonSidesTests
{
    // Long and short sides among few heights, so that many begin and end alike; up to groups of groups.
    private static readonly Gen<SwanPoint[][]> Rings =
        Gen.Select(Gen.Int[1, 3], Gen.Int[3, 400], Gen.Int[1, 40], Gen.Int[0, 1 << 20], (rings, corners, height, seed) =>
        {
            var random = new Random(seed);
            return Enumerable.Range(0, rings).Select(_ => Enumerable.Range(0, corners).Select(i => new SwanPoint(
                i, random.Next(5) == 0 ? random.Next(height) : i * height / corners)).ToArray()).ToArray();
        });

    private static readonly Comparer<(SwanPoint A, SwanPoint B)> ByPlace = Comparer<(SwanPoint A, SwanPoint B)>.Create(
        (a, b) => (a.A.X, a.A.Y, a.B.X, a.B.Y).CompareTo((b.A.X, b.A.Y, b.B.X, b.B.Y)));

    [Fact]
    public void Sides_between_two_heights_are_those_of_a_plain_loop() =>
        Gen.Select(Rings, Gen.Int[-1, 41], Gen.Int[0, 3]).Sample((rings, low, more) =>
        {
            var found = new List<(SwanPoint, SwanPoint)>();
            foreach ((SwanPoint A, SwanPoint B) side in new PolygonSides(rings).Between(low, low + more)) found.Add(side);
            IEnumerable<(SwanPoint A, SwanPoint B)> all = rings.SelectMany(ring => ring.Select((b, i) => (ring[i == 0 ? ^1 : i - 1], b)));
            IEnumerable<(SwanPoint A, SwanPoint B)> expected = all.Where(
                side => Math.Max(side.A.Y, side.B.Y) >= low && Math.Min(side.A.Y, side.B.Y) <= low + more);
            Assert.Equal(expected.Order(ByPlace), found.Order(ByPlace));
        }, iter: 1000);
}
