using System.Text;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Text;

public sealed class VocabularyLimitTests
{
    [Fact]
    public void A_vocabulary_of_a_million_words_is_refused_before_it_takes_memory()
    {
        byte[] pieces = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("\"a\"", 1_100_000))}]");
        byte[] words = Encoding.UTF8.GetBytes(
            $"{{\"word2idx\":{{{string.Join(',', Enumerable.Range(1, 1_100_000).Select(i => $"\"{i}\":{i}"))}}}}}");
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refused(() => WordPieceCaptionTokenizer.Load(pieces));
        Refused(() => WordVocabulary.Load(words));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static void Refused(Func<object> load) =>
        Assert.Contains("over 1,000,000 words", Assert.Throws<SwanFormatException>(load).Message, StringComparison.Ordinal);
}
