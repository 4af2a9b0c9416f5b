using System.Text;

namespace Outboard.Samples.TrainClassifier;

/// <summary>Writes classifier.md, so that the figures in it are always those of the model beside it.</summary>
internal static class ModelCard
{
    public static string Write(Mlp model, int byteCount, List<(string Title, Evaluation Result)> results)
    {
        StringBuilder text = new();
        text.Append("# classifier.onnx\n\n");
        text.Append("The class of one frame, by protocol and behaviour. Written by `samples/04-train-classifier` together with this page;\n");
        text.Append("the command is in that folder's README. The training is deterministic: same captures, same program, same model.\n\n");
        text.Append("| | |\n|---|---|\n");
        text.Append("| input | `features`, float32 [N, 64]: `Outboard.Ml.Features.PacketFeatures`, unscaled |\n");
        text.Append($"| output | `probabilities`, float32 [N, {TrafficClasses.Count}]: {string.Join(", ", TrafficClasses.Names)} (also in the model's metadata, key `classes`) |\n");
        text.Append($"| operators | Gemm and Relu {string.Join(" -> ", Enumerable.Range(0, model.LayerCount).Select(model.Inputs))} -> {TrafficClasses.Count}, Softmax; opset 13 |\n");
        text.Append($"| size | {byteCount} bytes |\n\n");
        text.Append("## What the classes mean\n\n");
        text.Append("`dns`, `http`, `tls` (TLS and DTLS, STARTTLS once it has begun), `mail` (SMTP, IMAP, POP3), `ftp` (control and data): frames of such a\n");
        text.Append("conversation, acknowledgements included. `scan`: probes of ports and addresses, and the answers to them. `attack`: a frame\n");
        text.Append("from an attacker that carries payload in a hostile conversation, ordinary openings such as `USER anonymous` included.\n");
        text.Append("`other`: everything else.\n\n");
        text.Append("## Data\n\n");
        text.Append("Trained on `campus-train.pcap` only; the truth comes from the label file that the attackers' script wrote, and from which server was\n");
        text.Append("talked to. `campus-unseen.pcap` has other pages, other choices and attack texts of which none is in the training capture.\n");
        text.Append("`campus.pcap` is a third recording that draws on all attack texts. The captures of others are classified by the innermost\n");
        text.Append("protocol that another program (tshark) found, bare TCP frames by their flow; nothing in there is labelled scan or attack.\n");
        text.Append("None of them was trained on, but they were looked at: what training varies (options, windows, tags, padding, client ports) and\n");
        text.Append("the kinds of ordinary traffic recorded were extended after seeing where an earlier model failed on them, so their figure\n");
        text.Append("is kinder than one from captures never looked at. Features hold no addresses. In training the ports of some frames with\n");
        text.Append("payload are hidden.\n\n");
        text.Append("## Accuracy\n\n");
        foreach ((string title, Evaluation result) in results)
        {
            text.Append($"**{title}**: {result.Right} of {result.Count} frames right, {100 * result.Accuracy:F1} %.\n\n{result.Table()}\n{result.Worst()}\n");
        }
        text.Append("## Limits\n\n");
        text.Append("- One frame at a time: a scan slow enough to look like ordinary connections, a guessed password, a hostile text split over two\n");
        text.Append("  frames, and anything inside TLS cannot be told.\n");
        text.Append("- A bare TCP frame says nothing but its ports; a protocol on a port of another is taken for that other.\n");
        text.Append("- The recordings come from one set of servers and clients. On foreign captures the protocols hold up less well than on unseen\n");
        text.Append("  recordings of ours, as the tables say, and the classes `scan` and `attack` raise false alarms on protocols never trained on.\n");
        text.Append("- A terminal session inside an upgraded HTTP connection, one key a frame, is `other` to it, and so are the bare frames of HTTP on\n");
        text.Append("  a port nobody knows; HTTP/2 without TLS was never trained.\n");
        text.Append("- It is a sample that shows the way from a capture to a device; it is no intrusion detection system.\n");
        return text.ToString();
    }
}
