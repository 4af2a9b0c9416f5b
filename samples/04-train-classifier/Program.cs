using System.Diagnostics;
using Outboard.Samples.TrainClassifier;

// dotnet run -c Release --project samples/04-train-classifier -- samples/data ../shared/vectors/ethdev
if (args.Length is < 1 or > 2 || !File.Exists(Path.Combine(args[0], "campus-train.pcap")))
{
    Console.Error.WriteLine("usage: train-classifier SAMPLES_DATA [VECTORS_ETHDEV]; SAMPLES_DATA holds campus-train.pcap");
    return 2;
}
if (args.Length == 2 && !File.Exists(Path.Combine(args[1], "packets.jsonl")))
{
    Console.Error.WriteLine($"{args[1]} holds no packets.jsonl; leave the argument out to train without those captures");
    return 2;
}
string folder = args[0];
Dataset training = Dataset.Recording(Path.Combine(folder, "campus-train.pcap"));
Console.WriteLine($"training on {training.Count} frames");
long start = Stopwatch.GetTimestamp();
Mlp model = Trainer.Train(training, (epoch, loss) =>
{
    if (epoch % 5 == 0)
    {
        Console.WriteLine($"epoch {epoch}: loss {loss:F4}");
    }
});
Console.WriteLine($"trained in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");

byte[] onnx = OnnxWriter.Write(model, "Classifies one frame by protocol and behaviour; see classifier.md");
File.WriteAllBytes(Path.Combine(folder, "classifier.onnx"), onnx);

List<(string Title, Evaluation Result)> results =
[
    ("campus-train.pcap (trained on)", new Evaluation(model, training)),
    ("campus-unseen.pcap", new Evaluation(model, Dataset.Recording(Path.Combine(folder, "campus-unseen.pcap")))),
    ("campus.pcap", new Evaluation(model, Dataset.Recording(Path.Combine(folder, "campus.pcap")))),
];
if (args.Length == 2)
{
    results.Add((
        "Captures of others (shared/vectors/ethdev), every frame",
        new Evaluation(model, VectorCaptures.Read(args[1], namedOnly: false))));
    results.Add((
        "Captures of others, the frames in which the other program found dns, http, tls, mail or ftp",
        new Evaluation(model, VectorCaptures.Read(args[1], namedOnly: true))));
}
File.WriteAllText(Path.Combine(folder, "classifier.md"), ModelCard.Write(model, onnx.Length, results));
foreach ((string title, Evaluation result) in results)
{
    Console.WriteLine($"\n{title}: {result.Right} of {result.Count} right, {result.Accuracy:P2}\n{result.Table()}");
}
return 0;
