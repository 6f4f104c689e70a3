using Swan.MLNet.Numerics;

namespace Swan.MLNet.Datasets;

/// <summary>A data set can't be used; all its problems are reported at once, before any work starts.</summary>
public sealed class SwanDataException : SwanException
{
    private const int MaxListed = 50;

    /// <summary>Makes the exception.</summary>
    /// <param name="faults">At least one.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanDataException(IReadOnlyList<DataFault> faults, Exception? innerException = null) : base(Describe(faults), innerException) =>
        Faults = faults;

    /// <summary>All problems.</summary>
    public IReadOnlyList<DataFault> Faults { get; }

    private static string Describe(IReadOnlyList<DataFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        string list = string.Concat(faults.Take(MaxListed).Select(f => $"\n  {f}"));
        string more = faults.Count > MaxListed ? $"\n  … and {faults.Count - MaxListed} more" : "";
        return $"The data set can't be used, {Counted.Of(faults.Count, "problem")}:{list}{more}";
    }
}
