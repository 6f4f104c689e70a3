using Swan.MLNet.Calibration;

namespace Swan.Training.Evaluation;

/// <summary>Fits a <see cref="LogisticModel"/> by Newton's method, with a small penalty on weights.</summary>
internal static class LogisticFit
{
    private const double Penalty = 1e-3, Enough = 1e-9;
    private const int MaxSteps = 100;

    /// <summary>Fits.</summary>
    /// <param name="rows">Features, what is right, and how much a row counts.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static LogisticModel Fit(IReadOnlyList<(double[] Features, bool Right, double Weight)> rows, CancellationToken cancellation)
    {
        int features = rows[0].Features.Length, size = features + 1;
        double total = rows.Sum(r => r.Weight);
        double[] mean = new double[features], deviation = new double[features];
        foreach ((double[] row, _, double weight) in rows)
        {
            for (int f = 0; f < features; f++) mean[f] += weight * row[f] / total;
        }
        foreach ((double[] row, _, double weight) in rows)
        {
            for (int f = 0; f < features; f++) deviation[f] += weight * (row[f] - mean[f]) * (row[f] - mean[f]) / total;
        }
        // A constant feature says nothing: its weight stays 0.
        for (int f = 0; f < features; f++) deviation[f] = deviation[f] > 1e-18 ? Math.Sqrt(deviation[f]) : double.PositiveInfinity;

        // The last is the bias.
        double[] weights = new double[size], scaled = new double[size], slope = new double[size];
        scaled[features] = 1;
        double[,] curvature = new double[size, size];
        for (int step = 0; step < MaxSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(slope);
            Array.Clear(curvature);
            foreach ((double[] row, bool right, double weight) in rows)
            {
                double sum = weights[features];
                for (int f = 0; f < features; f++)
                {
                    scaled[f] = (row[f] - mean[f]) / deviation[f];
                    sum += weights[f] * scaled[f];
                }
                double p = 1 / (1 + Math.Exp(-Math.Clamp(sum, -30, 30))), error = weight / total * (p - (right ? 1 : 0)),
                    variance = weight / total * p * (1 - p);
                for (int a = 0; a < size; a++)
                {
                    slope[a] += error * scaled[a];
                    for (int b = 0; b <= a; b++) curvature[a, b] += variance * scaled[a] * scaled[b];
                }
            }
            for (int a = 0; a < size; a++)
            {
                slope[a] += Penalty * weights[a];
                curvature[a, a] += Penalty;
                for (int b = 0; b < a; b++) curvature[b, a] = curvature[a, b];
            }
            double[] change = Solve(curvature, slope);
            double largest = 0;
            for (int a = 0; a < size; a++)
            {
                weights[a] -= change[a];
                largest = Math.Max(largest, Math.Abs(change[a]));
            }
            if (largest < Enough) break;
        }
        double bias = weights[features];
        for (int f = 0; f < features; f++) bias -= weights[f] * mean[f] / deviation[f];
        return new LogisticModel(bias, [.. Enumerable.Range(0, features).Select(f => weights[f] / deviation[f])]);
    }

    // Cholesky: the penalty makes the matrix positive definite.
    private static double[] Solve(double[,] matrix, double[] right)
    {
        int size = right.Length;
        double[,] lower = new double[size, size];
        double[] solved = [.. right];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double sum = matrix[row, column];
                for (int k = 0; k < column; k++) sum -= lower[row, k] * lower[column, k];
                lower[row, column] = row == column ? Math.Sqrt(sum) : sum / lower[column, column];
            }
        }
        for (int row = 0; row < size; row++)
        {
            for (int k = 0; k < row; k++) solved[row] -= lower[row, k] * solved[k];
            solved[row] /= lower[row, row];
        }
        for (int row = size - 1; row >= 0; row--)
        {
            for (int k = row + 1; k < size; k++) solved[row] -= lower[k, row] * solved[k];
            solved[row] /= lower[row, row];
        }
        return solved;
    }
}
