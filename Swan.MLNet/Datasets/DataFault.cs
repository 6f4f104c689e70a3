using System.Globalization;

namespace Swan.MLNet.Datasets;

/// <summary>A problem of a data set.</summary>
/// <param name="File">The file with the problem.</param>
/// <param name="Line">The line, from 1; 0 if it concerns the whole file.</param>
/// <param name="Problem">What was found and expected.</param>
public sealed record DataFault(string File, int Line, string Problem)
{
    /// <summary><c>file(line): problem</c>.</summary>
    public override string ToString() => Line > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{File}({Line}): {Problem}")
        : File.Length > 0 ? $"{File}: {Problem}" : Problem;
}
