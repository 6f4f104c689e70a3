using System.Globalization;
using CsCheck;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Stores;

public sealed class SortedLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_sorted_the_same_whether_or_not_they_fit_in_memory()
    {
        Gen.Int[0, 40].Array[0, 60].Sample(numbers =>
        {
            string[] lines = Array.ConvertAll(numbers, n => n.ToString(CultureInfo.InvariantCulture));
            using (var sorted = new SortedLines(_folder.File("part"), linesInMemory: 7))
            {
                foreach (string line in lines) sorted.Add(line);
                Assert.Equal(lines.Order(StringComparer.Ordinal), sorted.InOrder());
            }
            Assert.Empty(Directory.GetFiles(_folder.FullName));
        }, iter: 200, threads: 1);
    }
}
