using Swan.Fuzz;

namespace Swan.MLNet.Tests.Fuzzing;

/// <summary>What fuzzing begins with, and what it found: files named found-….</summary>
public sealed class FuzzCorporaTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Each_file_is_read_or_refused(string target)
    {
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpora", target));
        Assert.NotEmpty(files);
        Assert.All(files, file => FuzzTargets.All[target].Value.Run(File.ReadAllBytes(file)));
    }
}
