using System.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>The side of a line that a point is on, exact for all finite coordinates.</summary>
/// <remarks>
/// The double result stands where its error bound can't turn the sign (Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997,
/// doi:10.1007/PL00009321, section 4.3). Otherwise integers decide: a double is an integer times a power of two.
/// </remarks>
internal static class Orientation
{
    // (3 + 16ε)ε with ε = 2^-53.
    private const double Bound = 3.3306690738754716e-16;

    // Below it, a product's error is absolute, and the bound doesn't hold. Far above the least normal double, 2.2e-308.
    private const double LeastSafe = 1e-280;

    /// <summary>1 where p is left of the line from a to b, -1 where it is right of it, and 0 where it is on it.</summary>
    public static int Of(SwanPoint a, SwanPoint b, SwanPoint p) => Of(a, b, p.X, p.Y);

    /// <summary>1 where (x, y) is left of the line from a to b, -1 where it is right of it, and 0 where it is on it.</summary>
    public static int Of(SwanPoint a, SwanPoint b, double x, double y)
    {
        double left = (b.X - a.X) * (y - a.Y), right = (b.Y - a.Y) * (x - a.X);
        double difference = left - right, sum = Math.Abs(left) + Math.Abs(right);
        // Not true either where something overflowed.
        return sum >= LeastSafe && Math.Abs(difference) > Bound * sum && double.IsFinite(sum)
            ? Math.Sign(difference)
            : Exact(a, b, x, y);
    }

    private static int Exact(SwanPoint a, SwanPoint b, double x, double y)
    {
        // Along an axis, which most of these are.
        if (a.X == b.X) return -Math.Sign(b.Y.CompareTo(a.Y)) * Math.Sign(x.CompareTo(a.X));
        if (a.Y == b.Y) return Math.Sign(b.X.CompareTo(a.X)) * Math.Sign(y.CompareTo(a.Y));
        Span<double> all = [a.X, a.Y, b.X, b.Y, x, y];
        int least = int.MaxValue;
        foreach (double value in all)
        {
            if (value != 0) least = Math.Min(least, Math.ILogB(value) - 52);
        }
        BigInteger ax = Scaled(all[0], least), ay = Scaled(all[1], least);
        BigInteger left = (Scaled(all[2], least) - ax) * (Scaled(all[5], least) - ay);
        return Math.Sign(left.CompareTo((Scaled(all[3], least) - ay) * (Scaled(all[4], least) - ax)));
    }

    // The value by 2^exponent: an integer, because no bit of it is worth less.
    private static BigInteger Scaled(double value, int exponent)
    {
        if (value == 0) return BigInteger.Zero;
        int own = Math.ILogB(value) - 52;
        return new BigInteger(Math.ScaleB(value, -own)) << own - exponent;
    }
}
