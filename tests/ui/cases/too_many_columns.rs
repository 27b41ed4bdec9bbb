//! Rule `too_many_columns`: a table of more than 1,600 columns

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table wide {
            c0: integer?, c1: integer?, c2: integer?, c3: integer?, c4: integer?, c5: integer?, c6: integer?, c7: integer?, c8:
            integer?, c9: integer?, c10: integer?, c11: integer?, c12: integer?, c13: integer?, c14: integer?, c15: integer?, c16:
            integer?, c17: integer?, c18: integer?, c19: integer?, c20: integer?, c21: integer?, c22: integer?, c23: integer?, c24:
            integer?, c25: integer?, c26: integer?, c27: integer?, c28: integer?, c29: integer?, c30: integer?, c31: integer?, c32:
            integer?, c33: integer?, c34: integer?, c35: integer?, c36: integer?, c37: integer?, c38: integer?, c39: integer?, c40:
            integer?, c41: integer?, c42: integer?, c43: integer?, c44: integer?, c45: integer?, c46: integer?, c47: integer?, c48:
            integer?, c49: integer?, c50: integer?, c51: integer?, c52: integer?, c53: integer?, c54: integer?, c55: integer?, c56:
            integer?, c57: integer?, c58: integer?, c59: integer?, c60: integer?, c61: integer?, c62: integer?, c63: integer?, c64:
            integer?, c65: integer?, c66: integer?, c67: integer?, c68: integer?, c69: integer?, c70: integer?, c71: integer?, c72:
            integer?, c73: integer?, c74: integer?, c75: integer?, c76: integer?, c77: integer?, c78: integer?, c79: integer?, c80:
            integer?, c81: integer?, c82: integer?, c83: integer?, c84: integer?, c85: integer?, c86: integer?, c87: integer?, c88:
            integer?, c89: integer?, c90: integer?, c91: integer?, c92: integer?, c93: integer?, c94: integer?, c95: integer?, c96:
            integer?, c97: integer?, c98: integer?, c99: integer?, c100: integer?, c101: integer?, c102: integer?, c103: integer?,
            c104: integer?, c105: integer?, c106: integer?, c107: integer?, c108: integer?, c109: integer?, c110: integer?, c111:
            integer?, c112: integer?, c113: integer?, c114: integer?, c115: integer?, c116: integer?, c117: integer?, c118:
            integer?, c119: integer?, c120: integer?, c121: integer?, c122: integer?, c123: integer?, c124: integer?, c125:
            integer?, c126: integer?, c127: integer?, c128: integer?, c129: integer?, c130: integer?, c131: integer?, c132:
            integer?, c133: integer?, c134: integer?, c135: integer?, c136: integer?, c137: integer?, c138: integer?, c139:
            integer?, c140: integer?, c141: integer?, c142: integer?, c143: integer?, c144: integer?, c145: integer?, c146:
            integer?, c147: integer?, c148: integer?, c149: integer?, c150: integer?, c151: integer?, c152: integer?, c153:
            integer?, c154: integer?, c155: integer?, c156: integer?, c157: integer?, c158: integer?, c159: integer?, c160:
            integer?, c161: integer?, c162: integer?, c163: integer?, c164: integer?, c165: integer?, c166: integer?, c167:
            integer?, c168: integer?, c169: integer?, c170: integer?, c171: integer?, c172: integer?, c173: integer?, c174:
            integer?, c175: integer?, c176: integer?, c177: integer?, c178: integer?, c179: integer?, c180: integer?, c181:
            integer?, c182: integer?, c183: integer?, c184: integer?, c185: integer?, c186: integer?, c187: integer?, c188:
            integer?, c189: integer?, c190: integer?, c191: integer?, c192: integer?, c193: integer?, c194: integer?, c195:
            integer?, c196: integer?, c197: integer?, c198: integer?, c199: integer?, c200: integer?, c201: integer?, c202:
            integer?, c203: integer?, c204: integer?, c205: integer?, c206: integer?, c207: integer?, c208: integer?, c209:
            integer?, c210: integer?, c211: integer?, c212: integer?, c213: integer?, c214: integer?, c215: integer?, c216:
            integer?, c217: integer?, c218: integer?, c219: integer?, c220: integer?, c221: integer?, c222: integer?, c223:
            integer?, c224: integer?, c225: integer?, c226: integer?, c227: integer?, c228: integer?, c229: integer?, c230:
            integer?, c231: integer?, c232: integer?, c233: integer?, c234: integer?, c235: integer?, c236: integer?, c237:
            integer?, c238: integer?, c239: integer?, c240: integer?, c241: integer?, c242: integer?, c243: integer?, c244:
            integer?, c245: integer?, c246: integer?, c247: integer?, c248: integer?, c249: integer?, c250: integer?, c251:
            integer?, c252: integer?, c253: integer?, c254: integer?, c255: integer?, c256: integer?, c257: integer?, c258:
            integer?, c259: integer?, c260: integer?, c261: integer?, c262: integer?, c263: integer?, c264: integer?, c265:
            integer?, c266: integer?, c267: integer?, c268: integer?, c269: integer?, c270: integer?, c271: integer?, c272:
            integer?, c273: integer?, c274: integer?, c275: integer?, c276: integer?, c277: integer?, c278: integer?, c279:
            integer?, c280: integer?, c281: integer?, c282: integer?, c283: integer?, c284: integer?, c285: integer?, c286:
            integer?, c287: integer?, c288: integer?, c289: integer?, c290: integer?, c291: integer?, c292: integer?, c293:
            integer?, c294: integer?, c295: integer?, c296: integer?, c297: integer?, c298: integer?, c299: integer?, c300:
            integer?, c301: integer?, c302: integer?, c303: integer?, c304: integer?, c305: integer?, c306: integer?, c307:
            integer?, c308: integer?, c309: integer?, c310: integer?, c311: integer?, c312: integer?, c313: integer?, c314:
            integer?, c315: integer?, c316: integer?, c317: integer?, c318: integer?, c319: integer?, c320: integer?, c321:
            integer?, c322: integer?, c323: integer?, c324: integer?, c325: integer?, c326: integer?, c327: integer?, c328:
            integer?, c329: integer?, c330: integer?, c331: integer?, c332: integer?, c333: integer?, c334: integer?, c335:
            integer?, c336: integer?, c337: integer?, c338: integer?, c339: integer?, c340: integer?, c341: integer?, c342:
            integer?, c343: integer?, c344: integer?, c345: integer?, c346: integer?, c347: integer?, c348: integer?, c349:
            integer?, c350: integer?, c351: integer?, c352: integer?, c353: integer?, c354: integer?, c355: integer?, c356:
            integer?, c357: integer?, c358: integer?, c359: integer?, c360: integer?, c361: integer?, c362: integer?, c363:
            integer?, c364: integer?, c365: integer?, c366: integer?, c367: integer?, c368: integer?, c369: integer?, c370:
            integer?, c371: integer?, c372: integer?, c373: integer?, c374: integer?, c375: integer?, c376: integer?, c377:
            integer?, c378: integer?, c379: integer?, c380: integer?, c381: integer?, c382: integer?, c383: integer?, c384:
            integer?, c385: integer?, c386: integer?, c387: integer?, c388: integer?, c389: integer?, c390: integer?, c391:
            integer?, c392: integer?, c393: integer?, c394: integer?, c395: integer?, c396: integer?, c397: integer?, c398:
            integer?, c399: integer?, c400: integer?, c401: integer?, c402: integer?, c403: integer?, c404: integer?, c405:
            integer?, c406: integer?, c407: integer?, c408: integer?, c409: integer?, c410: integer?, c411: integer?, c412:
            integer?, c413: integer?, c414: integer?, c415: integer?, c416: integer?, c417: integer?, c418: integer?, c419:
            integer?, c420: integer?, c421: integer?, c422: integer?, c423: integer?, c424: integer?, c425: integer?, c426:
            integer?, c427: integer?, c428: integer?, c429: integer?, c430: integer?, c431: integer?, c432: integer?, c433:
            integer?, c434: integer?, c435: integer?, c436: integer?, c437: integer?, c438: integer?, c439: integer?, c440:
            integer?, c441: integer?, c442: integer?, c443: integer?, c444: integer?, c445: integer?, c446: integer?, c447:
            integer?, c448: integer?, c449: integer?, c450: integer?, c451: integer?, c452: integer?, c453: integer?, c454:
            integer?, c455: integer?, c456: integer?, c457: integer?, c458: integer?, c459: integer?, c460: integer?, c461:
            integer?, c462: integer?, c463: integer?, c464: integer?, c465: integer?, c466: integer?, c467: integer?, c468:
            integer?, c469: integer?, c470: integer?, c471: integer?, c472: integer?, c473: integer?, c474: integer?, c475:
            integer?, c476: integer?, c477: integer?, c478: integer?, c479: integer?, c480: integer?, c481: integer?, c482:
            integer?, c483: integer?, c484: integer?, c485: integer?, c486: integer?, c487: integer?, c488: integer?, c489:
            integer?, c490: integer?, c491: integer?, c492: integer?, c493: integer?, c494: integer?, c495: integer?, c496:
            integer?, c497: integer?, c498: integer?, c499: integer?, c500: integer?, c501: integer?, c502: integer?, c503:
            integer?, c504: integer?, c505: integer?, c506: integer?, c507: integer?, c508: integer?, c509: integer?, c510:
            integer?, c511: integer?, c512: integer?, c513: integer?, c514: integer?, c515: integer?, c516: integer?, c517:
            integer?, c518: integer?, c519: integer?, c520: integer?, c521: integer?, c522: integer?, c523: integer?, c524:
            integer?, c525: integer?, c526: integer?, c527: integer?, c528: integer?, c529: integer?, c530: integer?, c531:
            integer?, c532: integer?, c533: integer?, c534: integer?, c535: integer?, c536: integer?, c537: integer?, c538:
            integer?, c539: integer?, c540: integer?, c541: integer?, c542: integer?, c543: integer?, c544: integer?, c545:
            integer?, c546: integer?, c547: integer?, c548: integer?, c549: integer?, c550: integer?, c551: integer?, c552:
            integer?, c553: integer?, c554: integer?, c555: integer?, c556: integer?, c557: integer?, c558: integer?, c559:
            integer?, c560: integer?, c561: integer?, c562: integer?, c563: integer?, c564: integer?, c565: integer?, c566:
            integer?, c567: integer?, c568: integer?, c569: integer?, c570: integer?, c571: integer?, c572: integer?, c573:
            integer?, c574: integer?, c575: integer?, c576: integer?, c577: integer?, c578: integer?, c579: integer?, c580:
            integer?, c581: integer?, c582: integer?, c583: integer?, c584: integer?, c585: integer?, c586: integer?, c587:
            integer?, c588: integer?, c589: integer?, c590: integer?, c591: integer?, c592: integer?, c593: integer?, c594:
            integer?, c595: integer?, c596: integer?, c597: integer?, c598: integer?, c599: integer?, c600: integer?, c601:
            integer?, c602: integer?, c603: integer?, c604: integer?, c605: integer?, c606: integer?, c607: integer?, c608:
            integer?, c609: integer?, c610: integer?, c611: integer?, c612: integer?, c613: integer?, c614: integer?, c615:
            integer?, c616: integer?, c617: integer?, c618: integer?, c619: integer?, c620: integer?, c621: integer?, c622:
            integer?, c623: integer?, c624: integer?, c625: integer?, c626: integer?, c627: integer?, c628: integer?, c629:
            integer?, c630: integer?, c631: integer?, c632: integer?, c633: integer?, c634: integer?, c635: integer?, c636:
            integer?, c637: integer?, c638: integer?, c639: integer?, c640: integer?, c641: integer?, c642: integer?, c643:
            integer?, c644: integer?, c645: integer?, c646: integer?, c647: integer?, c648: integer?, c649: integer?, c650:
            integer?, c651: integer?, c652: integer?, c653: integer?, c654: integer?, c655: integer?, c656: integer?, c657:
            integer?, c658: integer?, c659: integer?, c660: integer?, c661: integer?, c662: integer?, c663: integer?, c664:
            integer?, c665: integer?, c666: integer?, c667: integer?, c668: integer?, c669: integer?, c670: integer?, c671:
            integer?, c672: integer?, c673: integer?, c674: integer?, c675: integer?, c676: integer?, c677: integer?, c678:
            integer?, c679: integer?, c680: integer?, c681: integer?, c682: integer?, c683: integer?, c684: integer?, c685:
            integer?, c686: integer?, c687: integer?, c688: integer?, c689: integer?, c690: integer?, c691: integer?, c692:
            integer?, c693: integer?, c694: integer?, c695: integer?, c696: integer?, c697: integer?, c698: integer?, c699:
            integer?, c700: integer?, c701: integer?, c702: integer?, c703: integer?, c704: integer?, c705: integer?, c706:
            integer?, c707: integer?, c708: integer?, c709: integer?, c710: integer?, c711: integer?, c712: integer?, c713:
            integer?, c714: integer?, c715: integer?, c716: integer?, c717: integer?, c718: integer?, c719: integer?, c720:
            integer?, c721: integer?, c722: integer?, c723: integer?, c724: integer?, c725: integer?, c726: integer?, c727:
            integer?, c728: integer?, c729: integer?, c730: integer?, c731: integer?, c732: integer?, c733: integer?, c734:
            integer?, c735: integer?, c736: integer?, c737: integer?, c738: integer?, c739: integer?, c740: integer?, c741:
            integer?, c742: integer?, c743: integer?, c744: integer?, c745: integer?, c746: integer?, c747: integer?, c748:
            integer?, c749: integer?, c750: integer?, c751: integer?, c752: integer?, c753: integer?, c754: integer?, c755:
            integer?, c756: integer?, c757: integer?, c758: integer?, c759: integer?, c760: integer?, c761: integer?, c762:
            integer?, c763: integer?, c764: integer?, c765: integer?, c766: integer?, c767: integer?, c768: integer?, c769:
            integer?, c770: integer?, c771: integer?, c772: integer?, c773: integer?, c774: integer?, c775: integer?, c776:
            integer?, c777: integer?, c778: integer?, c779: integer?, c780: integer?, c781: integer?, c782: integer?, c783:
            integer?, c784: integer?, c785: integer?, c786: integer?, c787: integer?, c788: integer?, c789: integer?, c790:
            integer?, c791: integer?, c792: integer?, c793: integer?, c794: integer?, c795: integer?, c796: integer?, c797:
            integer?, c798: integer?, c799: integer?, c800: integer?, c801: integer?, c802: integer?, c803: integer?, c804:
            integer?, c805: integer?, c806: integer?, c807: integer?, c808: integer?, c809: integer?, c810: integer?, c811:
            integer?, c812: integer?, c813: integer?, c814: integer?, c815: integer?, c816: integer?, c817: integer?, c818:
            integer?, c819: integer?, c820: integer?, c821: integer?, c822: integer?, c823: integer?, c824: integer?, c825:
            integer?, c826: integer?, c827: integer?, c828: integer?, c829: integer?, c830: integer?, c831: integer?, c832:
            integer?, c833: integer?, c834: integer?, c835: integer?, c836: integer?, c837: integer?, c838: integer?, c839:
            integer?, c840: integer?, c841: integer?, c842: integer?, c843: integer?, c844: integer?, c845: integer?, c846:
            integer?, c847: integer?, c848: integer?, c849: integer?, c850: integer?, c851: integer?, c852: integer?, c853:
            integer?, c854: integer?, c855: integer?, c856: integer?, c857: integer?, c858: integer?, c859: integer?, c860:
            integer?, c861: integer?, c862: integer?, c863: integer?, c864: integer?, c865: integer?, c866: integer?, c867:
            integer?, c868: integer?, c869: integer?, c870: integer?, c871: integer?, c872: integer?, c873: integer?, c874:
            integer?, c875: integer?, c876: integer?, c877: integer?, c878: integer?, c879: integer?, c880: integer?, c881:
            integer?, c882: integer?, c883: integer?, c884: integer?, c885: integer?, c886: integer?, c887: integer?, c888:
            integer?, c889: integer?, c890: integer?, c891: integer?, c892: integer?, c893: integer?, c894: integer?, c895:
            integer?, c896: integer?, c897: integer?, c898: integer?, c899: integer?, c900: integer?, c901: integer?, c902:
            integer?, c903: integer?, c904: integer?, c905: integer?, c906: integer?, c907: integer?, c908: integer?, c909:
            integer?, c910: integer?, c911: integer?, c912: integer?, c913: integer?, c914: integer?, c915: integer?, c916:
            integer?, c917: integer?, c918: integer?, c919: integer?, c920: integer?, c921: integer?, c922: integer?, c923:
            integer?, c924: integer?, c925: integer?, c926: integer?, c927: integer?, c928: integer?, c929: integer?, c930:
            integer?, c931: integer?, c932: integer?, c933: integer?, c934: integer?, c935: integer?, c936: integer?, c937:
            integer?, c938: integer?, c939: integer?, c940: integer?, c941: integer?, c942: integer?, c943: integer?, c944:
            integer?, c945: integer?, c946: integer?, c947: integer?, c948: integer?, c949: integer?, c950: integer?, c951:
            integer?, c952: integer?, c953: integer?, c954: integer?, c955: integer?, c956: integer?, c957: integer?, c958:
            integer?, c959: integer?, c960: integer?, c961: integer?, c962: integer?, c963: integer?, c964: integer?, c965:
            integer?, c966: integer?, c967: integer?, c968: integer?, c969: integer?, c970: integer?, c971: integer?, c972:
            integer?, c973: integer?, c974: integer?, c975: integer?, c976: integer?, c977: integer?, c978: integer?, c979:
            integer?, c980: integer?, c981: integer?, c982: integer?, c983: integer?, c984: integer?, c985: integer?, c986:
            integer?, c987: integer?, c988: integer?, c989: integer?, c990: integer?, c991: integer?, c992: integer?, c993:
            integer?, c994: integer?, c995: integer?, c996: integer?, c997: integer?, c998: integer?, c999: integer?, c1000:
            integer?, c1001: integer?, c1002: integer?, c1003: integer?, c1004: integer?, c1005: integer?, c1006: integer?, c1007:
            integer?, c1008: integer?, c1009: integer?, c1010: integer?, c1011: integer?, c1012: integer?, c1013: integer?, c1014:
            integer?, c1015: integer?, c1016: integer?, c1017: integer?, c1018: integer?, c1019: integer?, c1020: integer?, c1021:
            integer?, c1022: integer?, c1023: integer?, c1024: integer?, c1025: integer?, c1026: integer?, c1027: integer?, c1028:
            integer?, c1029: integer?, c1030: integer?, c1031: integer?, c1032: integer?, c1033: integer?, c1034: integer?, c1035:
            integer?, c1036: integer?, c1037: integer?, c1038: integer?, c1039: integer?, c1040: integer?, c1041: integer?, c1042:
            integer?, c1043: integer?, c1044: integer?, c1045: integer?, c1046: integer?, c1047: integer?, c1048: integer?, c1049:
            integer?, c1050: integer?, c1051: integer?, c1052: integer?, c1053: integer?, c1054: integer?, c1055: integer?, c1056:
            integer?, c1057: integer?, c1058: integer?, c1059: integer?, c1060: integer?, c1061: integer?, c1062: integer?, c1063:
            integer?, c1064: integer?, c1065: integer?, c1066: integer?, c1067: integer?, c1068: integer?, c1069: integer?, c1070:
            integer?, c1071: integer?, c1072: integer?, c1073: integer?, c1074: integer?, c1075: integer?, c1076: integer?, c1077:
            integer?, c1078: integer?, c1079: integer?, c1080: integer?, c1081: integer?, c1082: integer?, c1083: integer?, c1084:
            integer?, c1085: integer?, c1086: integer?, c1087: integer?, c1088: integer?, c1089: integer?, c1090: integer?, c1091:
            integer?, c1092: integer?, c1093: integer?, c1094: integer?, c1095: integer?, c1096: integer?, c1097: integer?, c1098:
            integer?, c1099: integer?, c1100: integer?, c1101: integer?, c1102: integer?, c1103: integer?, c1104: integer?, c1105:
            integer?, c1106: integer?, c1107: integer?, c1108: integer?, c1109: integer?, c1110: integer?, c1111: integer?, c1112:
            integer?, c1113: integer?, c1114: integer?, c1115: integer?, c1116: integer?, c1117: integer?, c1118: integer?, c1119:
            integer?, c1120: integer?, c1121: integer?, c1122: integer?, c1123: integer?, c1124: integer?, c1125: integer?, c1126:
            integer?, c1127: integer?, c1128: integer?, c1129: integer?, c1130: integer?, c1131: integer?, c1132: integer?, c1133:
            integer?, c1134: integer?, c1135: integer?, c1136: integer?, c1137: integer?, c1138: integer?, c1139: integer?, c1140:
            integer?, c1141: integer?, c1142: integer?, c1143: integer?, c1144: integer?, c1145: integer?, c1146: integer?, c1147:
            integer?, c1148: integer?, c1149: integer?, c1150: integer?, c1151: integer?, c1152: integer?, c1153: integer?, c1154:
            integer?, c1155: integer?, c1156: integer?, c1157: integer?, c1158: integer?, c1159: integer?, c1160: integer?, c1161:
            integer?, c1162: integer?, c1163: integer?, c1164: integer?, c1165: integer?, c1166: integer?, c1167: integer?, c1168:
            integer?, c1169: integer?, c1170: integer?, c1171: integer?, c1172: integer?, c1173: integer?, c1174: integer?, c1175:
            integer?, c1176: integer?, c1177: integer?, c1178: integer?, c1179: integer?, c1180: integer?, c1181: integer?, c1182:
            integer?, c1183: integer?, c1184: integer?, c1185: integer?, c1186: integer?, c1187: integer?, c1188: integer?, c1189:
            integer?, c1190: integer?, c1191: integer?, c1192: integer?, c1193: integer?, c1194: integer?, c1195: integer?, c1196:
            integer?, c1197: integer?, c1198: integer?, c1199: integer?, c1200: integer?, c1201: integer?, c1202: integer?, c1203:
            integer?, c1204: integer?, c1205: integer?, c1206: integer?, c1207: integer?, c1208: integer?, c1209: integer?, c1210:
            integer?, c1211: integer?, c1212: integer?, c1213: integer?, c1214: integer?, c1215: integer?, c1216: integer?, c1217:
            integer?, c1218: integer?, c1219: integer?, c1220: integer?, c1221: integer?, c1222: integer?, c1223: integer?, c1224:
            integer?, c1225: integer?, c1226: integer?, c1227: integer?, c1228: integer?, c1229: integer?, c1230: integer?, c1231:
            integer?, c1232: integer?, c1233: integer?, c1234: integer?, c1235: integer?, c1236: integer?, c1237: integer?, c1238:
            integer?, c1239: integer?, c1240: integer?, c1241: integer?, c1242: integer?, c1243: integer?, c1244: integer?, c1245:
            integer?, c1246: integer?, c1247: integer?, c1248: integer?, c1249: integer?, c1250: integer?, c1251: integer?, c1252:
            integer?, c1253: integer?, c1254: integer?, c1255: integer?, c1256: integer?, c1257: integer?, c1258: integer?, c1259:
            integer?, c1260: integer?, c1261: integer?, c1262: integer?, c1263: integer?, c1264: integer?, c1265: integer?, c1266:
            integer?, c1267: integer?, c1268: integer?, c1269: integer?, c1270: integer?, c1271: integer?, c1272: integer?, c1273:
            integer?, c1274: integer?, c1275: integer?, c1276: integer?, c1277: integer?, c1278: integer?, c1279: integer?, c1280:
            integer?, c1281: integer?, c1282: integer?, c1283: integer?, c1284: integer?, c1285: integer?, c1286: integer?, c1287:
            integer?, c1288: integer?, c1289: integer?, c1290: integer?, c1291: integer?, c1292: integer?, c1293: integer?, c1294:
            integer?, c1295: integer?, c1296: integer?, c1297: integer?, c1298: integer?, c1299: integer?, c1300: integer?, c1301:
            integer?, c1302: integer?, c1303: integer?, c1304: integer?, c1305: integer?, c1306: integer?, c1307: integer?, c1308:
            integer?, c1309: integer?, c1310: integer?, c1311: integer?, c1312: integer?, c1313: integer?, c1314: integer?, c1315:
            integer?, c1316: integer?, c1317: integer?, c1318: integer?, c1319: integer?, c1320: integer?, c1321: integer?, c1322:
            integer?, c1323: integer?, c1324: integer?, c1325: integer?, c1326: integer?, c1327: integer?, c1328: integer?, c1329:
            integer?, c1330: integer?, c1331: integer?, c1332: integer?, c1333: integer?, c1334: integer?, c1335: integer?, c1336:
            integer?, c1337: integer?, c1338: integer?, c1339: integer?, c1340: integer?, c1341: integer?, c1342: integer?, c1343:
            integer?, c1344: integer?, c1345: integer?, c1346: integer?, c1347: integer?, c1348: integer?, c1349: integer?, c1350:
            integer?, c1351: integer?, c1352: integer?, c1353: integer?, c1354: integer?, c1355: integer?, c1356: integer?, c1357:
            integer?, c1358: integer?, c1359: integer?, c1360: integer?, c1361: integer?, c1362: integer?, c1363: integer?, c1364:
            integer?, c1365: integer?, c1366: integer?, c1367: integer?, c1368: integer?, c1369: integer?, c1370: integer?, c1371:
            integer?, c1372: integer?, c1373: integer?, c1374: integer?, c1375: integer?, c1376: integer?, c1377: integer?, c1378:
            integer?, c1379: integer?, c1380: integer?, c1381: integer?, c1382: integer?, c1383: integer?, c1384: integer?, c1385:
            integer?, c1386: integer?, c1387: integer?, c1388: integer?, c1389: integer?, c1390: integer?, c1391: integer?, c1392:
            integer?, c1393: integer?, c1394: integer?, c1395: integer?, c1396: integer?, c1397: integer?, c1398: integer?, c1399:
            integer?, c1400: integer?, c1401: integer?, c1402: integer?, c1403: integer?, c1404: integer?, c1405: integer?, c1406:
            integer?, c1407: integer?, c1408: integer?, c1409: integer?, c1410: integer?, c1411: integer?, c1412: integer?, c1413:
            integer?, c1414: integer?, c1415: integer?, c1416: integer?, c1417: integer?, c1418: integer?, c1419: integer?, c1420:
            integer?, c1421: integer?, c1422: integer?, c1423: integer?, c1424: integer?, c1425: integer?, c1426: integer?, c1427:
            integer?, c1428: integer?, c1429: integer?, c1430: integer?, c1431: integer?, c1432: integer?, c1433: integer?, c1434:
            integer?, c1435: integer?, c1436: integer?, c1437: integer?, c1438: integer?, c1439: integer?, c1440: integer?, c1441:
            integer?, c1442: integer?, c1443: integer?, c1444: integer?, c1445: integer?, c1446: integer?, c1447: integer?, c1448:
            integer?, c1449: integer?, c1450: integer?, c1451: integer?, c1452: integer?, c1453: integer?, c1454: integer?, c1455:
            integer?, c1456: integer?, c1457: integer?, c1458: integer?, c1459: integer?, c1460: integer?, c1461: integer?, c1462:
            integer?, c1463: integer?, c1464: integer?, c1465: integer?, c1466: integer?, c1467: integer?, c1468: integer?, c1469:
            integer?, c1470: integer?, c1471: integer?, c1472: integer?, c1473: integer?, c1474: integer?, c1475: integer?, c1476:
            integer?, c1477: integer?, c1478: integer?, c1479: integer?, c1480: integer?, c1481: integer?, c1482: integer?, c1483:
            integer?, c1484: integer?, c1485: integer?, c1486: integer?, c1487: integer?, c1488: integer?, c1489: integer?, c1490:
            integer?, c1491: integer?, c1492: integer?, c1493: integer?, c1494: integer?, c1495: integer?, c1496: integer?, c1497:
            integer?, c1498: integer?, c1499: integer?, c1500: integer?, c1501: integer?, c1502: integer?, c1503: integer?, c1504:
            integer?, c1505: integer?, c1506: integer?, c1507: integer?, c1508: integer?, c1509: integer?, c1510: integer?, c1511:
            integer?, c1512: integer?, c1513: integer?, c1514: integer?, c1515: integer?, c1516: integer?, c1517: integer?, c1518:
            integer?, c1519: integer?, c1520: integer?, c1521: integer?, c1522: integer?, c1523: integer?, c1524: integer?, c1525:
            integer?, c1526: integer?, c1527: integer?, c1528: integer?, c1529: integer?, c1530: integer?, c1531: integer?, c1532:
            integer?, c1533: integer?, c1534: integer?, c1535: integer?, c1536: integer?, c1537: integer?, c1538: integer?, c1539:
            integer?, c1540: integer?, c1541: integer?, c1542: integer?, c1543: integer?, c1544: integer?, c1545: integer?, c1546:
            integer?, c1547: integer?, c1548: integer?, c1549: integer?, c1550: integer?, c1551: integer?, c1552: integer?, c1553:
            integer?, c1554: integer?, c1555: integer?, c1556: integer?, c1557: integer?, c1558: integer?, c1559: integer?, c1560:
            integer?, c1561: integer?, c1562: integer?, c1563: integer?, c1564: integer?, c1565: integer?, c1566: integer?, c1567:
            integer?, c1568: integer?, c1569: integer?, c1570: integer?, c1571: integer?, c1572: integer?, c1573: integer?, c1574:
            integer?, c1575: integer?, c1576: integer?, c1577: integer?, c1578: integer?, c1579: integer?, c1580: integer?, c1581:
            integer?, c1582: integer?, c1583: integer?, c1584: integer?, c1585: integer?, c1586: integer?, c1587: integer?, c1588:
            integer?, c1589: integer?, c1590: integer?, c1591: integer?, c1592: integer?, c1593: integer?, c1594: integer?, c1595:
            integer?, c1596: integer?, c1597: integer?, c1598: integer?, c1599: integer?, c1600: integer?,
        }
    }
}

fn main() {}
