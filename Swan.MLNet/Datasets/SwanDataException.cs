using System.Globalization;

namespace Swan.MLNet.Datasets;

/// <summary>One thing that is wrong with a data set.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="Line">The line, from 1; 0 where it concerns the file as a whole.</param>
/// <param name="Problem">What was found and what was expected.</param>
public sealed record DataFault(string File, int Line, string Problem)
{
    /// <summary><c>file(line): problem</c>.</summary>
    public override string ToString() => Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}({Line}): {Problem}") : File.Length > 0 ? $"{File}: {Problem}" : Problem;
}

/// <summary>A data set can't be used; everything that is wrong with it is reported at once, before any work starts.</summary>
public sealed class SwanDataException : SwanException
{
    private const int MaxListed = 50;

    /// <summary>Makes the exception.</summary>
    /// <param name="faults">At least one.</param>
    public SwanDataException(IReadOnlyList<DataFault> faults) : base(Describe(faults)) => Faults = faults;

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<DataFault> Faults { get; }

    private static string Describe(IReadOnlyList<DataFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        string list = string.Concat(faults.Take(MaxListed).Select(f => $"\n  {f}"));
        string more = faults.Count > MaxListed ? $"\n  … and {faults.Count - MaxListed} more" : "";
        return $"The data set can't be used, {faults.Count} problem(s):{list}{more}";
    }
}
