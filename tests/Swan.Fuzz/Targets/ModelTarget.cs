using Swan.MLNet;
using Swan.MLNet.Calibration;
using Swan.MLNet.ModelFiles;

namespace Swan.Fuzz;

/// <summary>
/// Model files: a whole archive, or one entry (its first byte says which) in an archive whose hashes are right, or nothing gets past them.
/// </summary>
internal sealed class ModelTarget : FuzzTarget
{
    private readonly byte[] _image = TinyModel.ImageOnnx, _text = TinyModel.TextOnnx, _vocabulary = TinyModel.Vocabulary;

    private static readonly float[] s_query = TinyModel.CaptionEmbedding("green river bridge");
    private readonly SwanModelFile _tiny = SwanModelFile.Create(
        "fuzzed", TinyModel.Card, TinyModel.ImageOnnx, TinyModel.TextOnnx, TinyModel.Vocabulary);

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        using var folder = new TemporaryFolder();
        string path = TinyModel.Write(folder.FullName);
        yield return ("tiny.swan", File.ReadAllBytes(path));
        yield return ("card", [(byte)'c', .. EditedModelFile.Read(path)["card.json"]]);
        yield return ("image", [(byte)'i', .. _image]);
        yield return ("text", [(byte)'t', .. _text]);
        yield return ("vocabulary", [(byte)'v', .. _vocabulary]);
        yield return ("calibration", [(byte)'k', .. TinyCalibration.Create(SwanModelFile.Read(path)).ToJson()]);
    }

    public override void Run(byte[] bytes)
    {
        if (bytes.Length == 0) return;
        byte[] entry = bytes[1..];
        try
        {
            switch (bytes[0])
            {
                case (byte)'c':
                    ModelCard card = ModelCardJson.Read(entry, "fuzzed");
                    SwanModelFile.Create("fuzzed", card, _image, _text, _vocabulary);
                    break;
                case (byte)'i':
                    SwanModelFile.Create("fuzzed", TinyModel.Card, entry, _text, _vocabulary);
                    break;
                case (byte)'t':
                    SwanModelFile.Create("fuzzed", TinyModel.Card, _image, entry, _vocabulary);
                    break;
                case (byte)'v':
                    Swan.MLNet.Text.CaptionTokenizers.Load(TinyModel.Card.Text.Contract, entry, TinyModel.MaxCaptionLength);
                    break;
                case (byte)'k':
                    SwanModelFile calibrated = _tiny.WithCalibration(entry);
                    SwanCalibration.Read(calibrated)?.Judge(s_query, 100, [0.5f], s_query, new double[1]);
                    break;
                default:
                    // Through a file, whose stream is Swan's own.
                    using (var folder = new TemporaryFolder())
                    {
                        File.WriteAllBytes(folder.File("fuzzed"), bytes);
                        SwanModelFile.Read(folder.File("fuzzed"));
                    }
                    break;
            }
        }
        catch (SwanFormatException)
        {
            // Refused.
        }
    }
}
