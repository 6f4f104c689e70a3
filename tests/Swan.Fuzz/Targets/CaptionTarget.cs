using System.Runtime.InteropServices;
using System.Text;
using Swan.MLNet.Text;

namespace Swan.Fuzz;

/// <summary>Captions: every tokenizer gives ids that its encoder has, as many as it may, and the same ones again.</summary>
internal sealed class CaptionTarget : FuzzTarget
{
    private const int MaxLength = 16;

    private readonly ICaptionTokenizer[] _tokenizers =
    [
        TinyModel.Tokenizer,
        WordPieceCaptionTokenizer.Load(Encoding.UTF8.GetBytes(
            """["[PAD]","[UNK]","[CLS]","[SEP]","[MASK]","river","bridge","##s","plane","a","##b","1","."]"""), MaxLength),
    ];

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        string[] captions =
        [
            "Many planes are parked beside the terminal.", "st.      x", "it's \"quoted\" (twice); don't... gonna -- 'tis & $5,000!?",
            "river\tbridge\r\ncafé\u0301 ｒｉｖｅｒ \u200B𝒓iver \u00ADx", "日本 空港 [MASK] [SEP]", new string('a', 300) + ".)\"' ",
        ];
        return captions.Select((caption, i) => ($"caption{i}.txt", Encoding.UTF8.GetBytes(caption)));
    }

    public override void Run(byte[] bytes)
    {
        // UTF-8 has no halves of pairs; a first byte of 0 says that UTF-16 follows.
        string caption = bytes is [0, .. byte[] units] ? new string(MemoryMarshal.Cast<byte, char>(units)) : Encoding.UTF8.GetString(bytes);
        foreach (ICaptionTokenizer tokenizer in _tokenizers)
        {
            TokenizedCaption first = tokenizer.Tokenize(caption), second = tokenizer.Tokenize(caption);
            if (!first.Ids.SequenceEqual(second.Ids)) throw Broken($"{tokenizer.Contract} gave other ids of the same caption");
            if (first.Ids.Any(id => id < 0 || id > tokenizer.VocabularySize)) throw Broken($"{tokenizer.Contract} gave an unknown id");
            if (first.Ids.Length > MaxLength) throw Broken($"{tokenizer.Contract} gave {first.Ids.Length} ids");
        }
        if (caption.Length <= 10_000) TreebankTokenizer.Tokenize(caption);
    }
}
