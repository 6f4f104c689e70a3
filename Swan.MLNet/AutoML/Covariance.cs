using System.Numerics.Tensors;

namespace Swan.MLNet.AutoML;

/// <summary>Mean and covariance of rows, gathered in one pass, and the axes along which the rows vary most.</summary>
/// <param name="size">Values of a row.</param>
internal sealed class Covariance(int size)
{
    // What rounding leaves of a direction in which float32 rows don't vary, as a share of their variance.
    private const double Nothing = 1e-12;
    private const int MostSweeps = 60;

    private readonly double[] _origin = new double[size], _sum = new double[size], _deviation = new double[size];
    private readonly double[][] _products = [.. Enumerable.Range(0, size).Select(_ => new double[size])];

    /// <summary>How many rows were added.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a row.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        // From the first row, so that squares of a large mean don't hide small variances.
        if (Count++ == 0) TensorPrimitives.ConvertTruncating(row, _origin.AsSpan());
        for (int i = 0; i < size; i++) _deviation[i] = row[i] - _origin[i];
        TensorPrimitives.Add(_sum, _deviation, _sum);
        for (int i = 0; i < size; i++)
        {
            Span<double> products = _products[i].AsSpan(i);
            TensorPrimitives.MultiplyAdd(_deviation.AsSpan(i), _deviation[i], products, products);
        }
    }

    /// <summary>The rows' mean.</summary>
    public float[] Mean() => [.. _origin.Zip(_sum, (origin, sum) => (float)(origin + sum / Count))];

    /// <summary>The axes of most variance, of unit length, by falling variance; zeros where nothing varies any more.</summary>
    /// <param name="count">How many, at most the values of a row.</param>
    public float[][] Axes(int count)
    {
        double[][] rows = Matrix();
        double trace = Enumerable.Range(0, size).Sum(i => rows[i][i]);
        Orthogonalize(rows, floor: Nothing * Nothing * trace * trace);
        return [.. rows.Select(row => (Axis: row, Variance: TensorPrimitives.Norm<double>(row)))
            .OrderByDescending(found => found.Variance).Take(count)
            .Select(found => found.Variance > Nothing * trace ? Unit(found.Axis, found.Variance) : new float[size])];
    }

    private double[][] Matrix()
    {
        var matrix = new double[size][];
        for (int i = 0; i < size; i++)
        {
            matrix[i] = new double[size];
            for (int j = 0; j < i; j++) matrix[i][j] = matrix[j][i];
            for (int j = i; j < size; j++) matrix[i][j] = (_products[i][j] - _sum[i] * _sum[j] / Count) / Count;
        }
        return matrix;
    }

    // One-sided Jacobi rotations: orthogonal rows of a covariance are its eigenvectors, each as long as its eigenvalue.
    private static void Orthogonalize(double[][] rows, double floor)
    {
        double[] turned = new double[rows.Length];
        bool rotated = true;
        for (int sweep = 0; rotated && sweep < MostSweeps; sweep++)
        {
            rotated = false;
            for (int p = 0; p < rows.Length - 1; p++)
            {
                for (int q = p + 1; q < rows.Length; q++) rotated |= Rotate(rows[p], rows[q], turned, floor);
            }
        }
    }

    private static bool Rotate(double[] p, double[] q, double[] turned, double floor)
    {
        double a = TensorPrimitives.SumOfSquares<double>(p), b = TensorPrimitives.SumOfSquares<double>(q);
        if (a <= floor || b <= floor) return false;
        double c = TensorPrimitives.Dot<double>(p, q);
        if (Math.Abs(c) <= 1e-14 * Math.Sqrt(a * b)) return false;
        double zeta = (b - a) / (2 * c), tangent = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
        double cosine = 1 / Math.Sqrt(1 + tangent * tangent), sine = cosine * tangent;
        TensorPrimitives.Multiply(q, -sine, turned);
        TensorPrimitives.Multiply(q, cosine, q);
        TensorPrimitives.MultiplyAdd(p, sine, q, q);
        TensorPrimitives.MultiplyAdd(p, cosine, turned, p);
        return true;
    }

    // An axis has two directions: the one in which its largest value is positive.
    private static float[] Unit(double[] axis, double length)
    {
        double largest = axis[TensorPrimitives.IndexOfMaxMagnitude<double>(axis)], scale = (largest < 0 ? -1 : 1) / length;
        return [.. axis.Select(value => (float)(value * scale))];
    }
}
